package loaders

import (
	"regexp"
	"strings"

	"github.com/cayleygraph/quad"

	"kg/graph"
)

// An ftmKind is what the values of a property are, where they are not just text.
type ftmKind int

const (
	ftmEntity ftmKind = iota + 1
	ftmDate
	ftmURL
)

// What the properties of the model (version 4.11) hold. A property of one name holds the same in
// every schema but for three, see [ftmReader.value]. What a later version adds is text here, with
// the identifier of an entity spelt as in the file.
const (
	ftmEntityNames = `addressEntity agent ancestors asset associate authority bank bankAccount bankForeign
		bankRub beneficiary beneficiaryAccount callForTenders caller candidate case client contract
		contractHolder controlled controller creditor debtor declarant director document emitters employee
		employer endLocation entity holder inReplyToEmail inReplyToMessage involved issuer match member
		object onBehalfOf operator organization organizer owner parent partOf participant party payer
		payerAccount person pictured post predecessor project proof receiver recipientAccount recipients
		relative resolved riskSource sender senderAccount startLocation subject successor supplier taxee
		tenderers transport vehicle`
	ftmDateNames = `authoredAt awardNoticeDate awardingDate balanceDate birthDate buildDate
		clarificationDeadline closeDate closingDate contractDate contractNoticeDate createDate createdAt
		creationDate date deathDate declarationDate deregistrationDate dissolutionDate electionDate endDate
		fileDate inceptionDate incorporationDate issueDate listingDate maturityDate maxBalanceDate
		modifiedAt nameChangeDate openingDate periodEnd periodStart processedAt publicationDate publishedAt
		registrationDate retrievedAt startDate submissionDeadline`
	ftmURLNames = `alephUrl opencorporatesUrl programUrl publisherUrl sourceUrl tedUrl website wikipediaUrl`
)

func ftmKinds() map[string]ftmKind {
	kinds := map[string]ftmKind{}
	for kind, names := range map[ftmKind]string{ftmEntity: ftmEntityNames, ftmDate: ftmDateNames, ftmURL: ftmURLNames} {
		for _, name := range strings.Fields(names) {
			kinds[name] = kind
		}
	}
	return kinds
}

// ftmIsText lists the schemas in which a property of an entity's name holds text.
func ftmIsText(schema, property string) bool {
	switch property {
	case "authority":
		return schema != "CallForTenders" && schema != "Contract"
	case "sender":
		return schema == "Email"
	case "subject":
		return schema == "Email" || schema == "Message"
	default:
		return false
	}
}

// value makes the object for a value of a property: other entities and addresses become IRIs, dates
// typed literals, all else stays the text it is.
func (f *ftmReader) value(schema, property, text string) quad.Value {
	kind := f.kinds[property]
	switch {
	case kind == ftmEntity && text != "" && !ftmIsText(schema, property):
		return f.id(text)
	case kind == ftmDate:
		return dated(text)
	case kind == ftmURL:
		if decoded, bad := decodeIRI([]byte(text)); bad == nil && string(decoded) == text && absolute(decoded) {
			return quad.IRI(f.namespaces.Shorten(text))
		}
	}
	return quad.String(text)
}

// ftmDated says whether a member beside the properties is a time.
func ftmDated(name string) bool {
	switch name {
	case "first_seen", "last_seen", "last_change", "created_at", "updated_at":
		return true
	default:
		return false
	}
}

var dateTime = regexp.MustCompile(`^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$`)

// dated makes a typed literal of a year, a month, a day or a moment, with the text as it stands. What
// is none of these is text.
func dated(text string) quad.Value {
	if d, err := graph.ParseDate(text); err == nil {
		if v, ok := d.Value().(quad.TypedString); ok && string(v.Value) == text {
			return v
		}
	}
	if dateTime.MatchString(text) {
		return graph.Native(quad.TypedString{Value: quad.String(text), Type: "xsd:dateTime"})
	}
	return quad.String(text)
}

// jsonNumber makes a literal of a number with the digits that stand there.
func jsonNumber(text string) quad.Value {
	kind := quad.IRI("xsd:integer")
	switch {
	case strings.ContainsAny(text, "eE"):
		kind = "xsd:double"
	case strings.Contains(text, "."):
		kind = "xsd:decimal"
	}
	return graph.Native(quad.TypedString{Value: quad.String(text), Type: kind})
}
