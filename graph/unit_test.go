package graph_test

import (
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/cayleygraph/quad"
	"github.com/google/go-cmp/cmp"

	"kg/graph"
)

func unit(t testing.TB, name string) graph.Unit {
	t.Helper()
	u, ok := dataSchema(t).Unit(name)
	if !ok {
		t.Fatalf("no unit %s", name)
	}
	return u
}

func TestParseQuantity(t *testing.T) {
	tests := []struct {
		name, number, unit string
		want               graph.Quantity
	}{
		{"the cocaine of Antwerp", "27.64", "tonne", graph.Quantity{Base: 27640000, LastDigit: 10000}},
		{"its headline", "28", "tonne", graph.Quantity{Base: 28000000, LastDigit: 1000000}},
		{"grams as they are", "907", "gram", graph.Quantity{Base: 907, LastDigit: 1}},
		{"kilograms", "1.2345", "kilogram", graph.Quantity{Base: 1234, Exact: "1234.5", Rounded: true, LastDigit: 1}},
		{"half to even, upwards", "1.2355", "kilogram", graph.Quantity{Base: 1236, Exact: "1235.5", Rounded: true, LastDigit: 1}},
		{"half to even, below zero", "-1.2345", "kilogram", graph.Quantity{Base: -1234, Exact: "-1234.5", Rounded: true, LastDigit: 1}},
		{"half to even, below zero, away from it", "-1.2355", "kilogram", graph.Quantity{Base: -1236, Exact: "-1235.5", Rounded: true, LastDigit: 1}},
		{"half of one", "0.5", "gram", graph.Quantity{Base: 0, Exact: "0.5", Rounded: true, LastDigit: 1}},
		{"a little more than half", "0.5000001", "gram", graph.Quantity{Base: 1, Exact: "0.5000001", Rounded: true, LastDigit: 1}},
		{"an exact pound", "1", "pound", graph.Quantity{Base: 454, Exact: "453.59237", Rounded: true, LastDigit: 454}},
		{"pounds that are whole grams", "100000", "pound", graph.Quantity{Base: 45359237, LastDigit: 45359237}},
		{"an exact ounce", "1", "ounce", graph.Quantity{Base: 28, Exact: "28.349523125", Rounded: true, LastDigit: 28}},
		{"16 ounces are a pound", "16", "ounce", graph.Quantity{Base: 454, Exact: "453.59237", Rounded: true, LastDigit: 28}},
		{"people", "60000", "count", graph.Quantity{Base: 60000, LastDigit: 10000}},
		{"people, counted", "746", "count", graph.Quantity{Base: 746, LastDigit: 1}},
		{"none", "0", "count", graph.Quantity{Base: 0, LastDigit: 1}},
		{"many zeros are none", "000", "count", graph.Quantity{Base: 0, LastDigit: 1}},
		{"minus none", "-0", "count", graph.Quantity{Base: 0, LastDigit: 1}},
		{"no tenths of a tonne", "0.0", "tonne", graph.Quantity{Base: 0, LastDigit: 100000}},
		{"a zero at the end says something after the point", "2.50", "tonne", graph.Quantity{Base: 2500000, LastDigit: 10000}},
		{"a zero before the point and nothing after", "20.0", "tonne", graph.Quantity{Base: 20000000, LastDigit: 100000}},
		{"pounds sterling", "54000000", "GBP", graph.Quantity{Base: 5400000000, LastDigit: 100000000}},
		{"cents", "0.01", "EUR", graph.Quantity{Base: 1, LastDigit: 1}},
		{"half a cent", "0.005", "EUR", graph.Quantity{Base: 0, Exact: "0.5", Rounded: true, LastDigit: 1}},
		{"one satoshi", "0.00000001", "BTC", graph.Quantity{Base: 1, LastDigit: 1}},
		{"all bitcoin", "21000000", "BTC", graph.Quantity{Base: 2100000000000000, LastDigit: 100000000000000}},
		{"one piconero", "0.000000000001", "XMR", graph.Quantity{Base: 1, LastDigit: 1}},
		{"a tenth of a piconero", "0.0000000000001", "XMR", graph.Quantity{Base: 0, Exact: "0.1", Rounded: true, LastDigit: 1}},
		{"the most XMR that fit", "9223372.036854775807", "XMR", graph.Quantity{Base: 9223372036854775807, LastDigit: 1}},
		{"half a per cent", "0.5", "percent", graph.Quantity{Base: 50, LastDigit: 10}},
		{"terabytes", "1.3", "terabyte", graph.Quantity{Base: 1300000000000, LastDigit: 100000000000}},
		{"the greatest", "9223372036854775807", "count", graph.Quantity{Base: 9223372036854775807, LastDigit: 1}},
		{"the least", "-9223372036854775808", "count", graph.Quantity{Base: -9223372036854775808, LastDigit: 1}},
		{"a fraction that rounds into range", "9223372036854775807.4", "count", graph.Quantity{Base: 9223372036854775807, Exact: "9223372036854775807.4", Rounded: true, LastDigit: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := unit(t, tt.unit).ParseQuantity(tt.number)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", tt.number, tt.unit, diff)
			}
		})
	}
}

func TestParseQuantityRefuses(t *testing.T) {
	tests := []struct {
		name, number, unit, want string
	}{
		{"nothing", "", "count", `want a number like 27.64 (no thousands separator), found ""`},
		{"a thousands separator", "60,000", "count", `want a number like 27.64 (no thousands separator), found "60,000"`},
		{"a decimal comma", "27,64", "tonne", `want a number like 27.64 (no thousands separator), found "27,64"`},
		{"a plus", "+1", "count", `want a number like 27.64 (no thousands separator), found "+1"`},
		{"an exponent", "1e6", "count", `want a number like 27.64 (no thousands separator), found "1e6"`},
		{"an exponent that would fill the memory", "1e999999999", "count", `want a number like 27.64 (no thousands separator), found "1e999999999"`},
		{"a fraction", "1/3", "count", `want a number like 27.64 (no thousands separator), found "1/3"`},
		{"nothing before the point", ".5", "count", `want a number like 27.64 (no thousands separator), found ".5"`},
		{"nothing after the point", "5.", "count", `want a number like 27.64 (no thousands separator), found "5."`},
		{"a word", "dozens", "count", `want a number like 27.64 (no thousands separator), found "dozens"`},
		{"a space", "1 ", "count", `want a number like 27.64 (no thousands separator), found "1 "`},
		{"a line break", "1\n", "count", `want a number like 27.64 (no thousands separator), found "1\n"`},
		{"digits of another script", "١٢", "count", `want a number like 27.64 (no thousands separator), found "١٢"`},
		{"not finite", "INF", "count", `want a number like 27.64 (no thousands separator), found "INF"`},
		{"too much", "9223372036854775808", "count", "want a quantity of at most 9223372036854775807 in the base unit, found 9223372036854775808 count, which is 9223372036854775808"},
		{"too much once it is grams", "9223372036854.775808", "tonne", "want a quantity of at most 9223372036854775807 in the base unit, found 9223372036854.775808 tonne, which is 9223372036854775808"},
		{"a fraction that rounds out of range", "9223372036854775807.5", "count", "want a quantity of at most 9223372036854775807 in the base unit, found 9223372036854775807.5 count, which is 9223372036854775808"},
		{"a million digits", "1" + strings.Repeat("0", 1000000), "count", `want a number of at most 64 digits, found 1000001 characters that begin with "10000000000000000000"`},
		{"a million decimals", "0." + strings.Repeat("3", 1000000), "tonne", `want a number of at most 64 digits, found 1000002 characters that begin with "0.333333333333333333"`},
		{"few characters of many bytes", strings.Repeat("🚓", 17), "count", `want a number of at most 64 digits, found 17 characters that begin with "` + strings.Repeat("🚓", 17) + `"`},
		{"a million letters", strings.Repeat("é", 1000000), "tonne", `want a number of at most 64 digits, found 1000000 characters that begin with "éééééééééééééééééééé"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			_, err := unit(t, tt.unit).ParseQuantity(tt.number)
			var p *graph.Problem
			if !errors.As(err, &p) {
				t.Fatalf("error %v, want a Problem", err)
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// What is rounded is marked, keeps its exact value, and is never off by more than half a base unit.
func TestConversionIsExact(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, name := range dataSchema(t).Units() {
		u := unit(t, name)
		for range 200 {
			text := fmt.Sprintf("%d.%0*d", random.IntN(1000000), 1+random.IntN(13), random.IntN(10))
			q, err := u.ParseQuantity(text)
			if err != nil {
				t.Fatalf("%s %s: %v", text, name, err)
			}
			exact, _ := new(big.Rat).SetString(text)
			exact.Mul(exact, u.Factor)
			off := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(int64(q.Base)))
			if off.Abs(off).Cmp(big.NewRat(1, 2)) > 0 {
				t.Errorf("%s %s = %d, which is off by %s", text, name, q.Base, off)
			}
			if q.Rounded == exact.IsInt() || q.Rounded != (q.Exact != "") {
				t.Errorf("%s %s: rounded %v, exact value %q of %s", text, name, q.Rounded, q.Exact, exact)
			}
			if back, ok := new(big.Rat).SetString(q.Exact); q.Rounded && (!ok || back.Cmp(exact) != 0) {
				t.Errorf("%s %s: exact value %q, want %s", text, name, q.Exact, exact)
			}
		}
	}
}

func TestCurrenciesHaveTheirMinorUnits(t *testing.T) {
	for code, minor := range map[string]quad.Int{"EUR": 100, "GBP": 100, "USD": 100, "BTC": 1e8, "XMR": 1e12} {
		q, err := unit(t, code).ParseQuantity("1")
		if err != nil || q.Base != minor {
			t.Errorf("1 %s = %d (%v), want %d", code, q.Base, err, minor)
		}
	}
}
