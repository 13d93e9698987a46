package server_test

import "testing"

func TestPageAddsUpSeizures(t *testing.T) {
	b := openTab(t, newPageWorld(), "#view=charts", 1280, 800)
	b.says("#charts caption", "What weight was seized by substance")
	for _, words := range []string{"at least 2 t", "3.5 t", "left out", "Left out: 2 amounts", "1 a part of a figure that counts", "1 without a number"} {
		b.says("#charts", words)
	}
	b.accessible("charts")
	b.press("chart left out")
	b.says("#charts details table", "part of Cocaine <b>seized</b> is counted")
	b.says("#charts details table", "T-25")
	b.accessible("what a chart leaves out")
	b.press("bars place")
	b.says("#charts tbody", "Port of Antwerp")
	b.says("#charts tbody", "not given")
	b.press("bars year")
	b.says("#charts tbody", "by 2021")
	b.press("chart csv")
	if rows := records(t, b.file("seizures-by-year.csv")); len(rows) != 3 || rows[1][0] != "2020" || rows[1][4] != "gram" || rows[1][5] != "T-23" {
		t.Errorf("want two years with unit and claims in the file, found %q", rows)
	}
	b.chooses("measure", "cash")
	b.says("#charts caption", "How much money was seized by year, in EUR")
	b.says("#charts tbody", "9,000,000 EUR")
	b.chooses("unit", "kg:cashUSD")
	b.says("#charts caption", "in USD")
	b.until("one currency in the chart", `!document.querySelector("#charts tbody").textContent.includes("EUR")`)
	b.until("both in the address", `location.hash.includes("measure=cash") && location.hash.includes("unit=kg:cashUSD")`)
	other := openTab(t, newPageWorld(), evaluate[string](b, "location.hash"), 1280, 800)
	other.says("#charts caption", "How much money was seized by year, in USD")
	b.chooses("measure", "items")
	b.says("#charts caption", "How many cocaine were seized by year")
	b.chooses("unit", "kg:item/heroin")
	b.says("#charts caption", "How many heroin were seized by year")
	b.until("one kind of things", `document.querySelectorAll("#charts .bars tbody tr").length === 1`)
	b.chooses("measure", "street-value")
	b.says("#charts", "Nothing of the kind is known here.")
	evaluate[any](b, `location.hash = "#view=charts&of=kg:event/infiltration"`)
	b.says("#charts", "nothing can be added up for it")
}
