package cli

const formattingTopic = `Tables are printed as --format says; without it as an aligned table on a terminal
and as tsv in a pipe. Only data go to standard output; notes go to standard error
(--quiet leaves them out).

  table   aligned columns for people, fitted to the terminal: columns without a
          value go, long cells wrap between words, and where that is not enough
          each row is a block of lines. An answer of more than about two screens
          counts the documents, or whatever a cell lists, and a note says so;
          --full names them all
  tsv     a header and one line a row, tab between cells. A tab, line feed, carriage
          return or backslash inside a cell is written \t, \n, \r, \\
  csv     RFC 4180: comma, quotes where needed, lines end in CR LF
  json    one document, the envelope below (--json for short)
  jsonl   one line a row: the objects of "rows"
  md      a Markdown table

Several values in one cell are parted by "; ", except in json and jsonl. In tsv and
csv a quantity takes three columns: X, the plain number; X_unit, its unit, the same
for all facts of one predicate (gram, count, EUR); X_text, what the other formats
print: "nearly 28 t", or the document's words where it gives no number. Entities are
shown by name; --ids shows identifiers instead. --limit N prints at most N rows and
always says when it cut; with --require-complete a cut answer exits 4.

The envelope:

  {
    "schema_version": 1,
    "question": "seizures-by-location",     the question's or command's name
    "params": {"location": {…}},            the parameters as understood
    "columns": [
      {"name": "amount", "title": "amount", "type": "quantity", "list": false}…
    ],
    "rows": [ {"amount": {…}, …}, … ],      one object a row, keys as in columns
    "count": 12,                            rows before any limit
    "truncated": false,                     whether --limit cut rows
    "left_out": []                          what a sum did not add, and why
  }

Where the question counts the different things in a column there is also
"tally": {"column": "agency", "count": 6}.

A cell is null where nothing is known, and an array (perhaps empty) when its column
has "list": true. Its value depends on the column's type:

  entity, predicate, concept, claim
              {"id": "kg:platform/sky-ecc", "name": "Sky ECC"}
  any         one of these, as its value is
  text, date  a string; dates are 2020, 2020-07 or 2020-07-02
  integer     a number
  quantity    {"value": 27640000, "unit": "gram", "text": "27.64 t", …}: value is
              exact, in the unit of the predicate (gram, count, EUR); "text" is the
              number for people. Where the document gives them: "up_to",
              "qualifier" (nearly, atLeast, …), "reported_as", "claim". A document
              that gives no number has "missing" (someValue, noValue, withheld)
              instead of "value"

What no document states, but the editors concluded, carries "inferred": true, and
ends in "(inferred)" where text is printed. So does what a rule concluded from that;
what a rule concluded from stated claims alone does not. A group of agencies that no
document names carries "unnamed": true.

New keys may appear in a later version; "schema_version" changes when one is removed
or changes its meaning.`
