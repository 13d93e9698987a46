package exporters

import (
	"strings"
	"unicode"
)

func neo4j() Format {
	return Format{
		Name: "neo4j", Extensions: []string{".neo4j.zip"}, MediaType: "application/zip",
		About:  "archive for neo4j-admin database import: nodes.csv and relationships.csv with typed headers",
		Graphs: true, View: true,
		Write: archived(neo4jFiles),
	}
}

// neo4jFiles follows the header rules of Neo4j's importer: name:type, one :ID, :LABEL, :START_ID,
// :END_ID and :TYPE. An empty cell is no property.
func neo4jFiles(d Document) ([]file, error) {
	n, err := newNetwork(d)
	if err != nil {
		return nil, err
	}
	nodeHeader := []string{"id:ID", "name:string"}
	for _, k := range n.NodeKeys {
		nodeHeader = append(nodeHeader, neo4jKey(k))
	}
	nodeHeader = append(nodeHeader, ":LABEL")
	var nodes, edges [][]string
	for _, node := range n.Nodes {
		row := append([]string{node.ID, node.Label}, cells(n.NodeKeys, node.Values)...)
		nodes = append(nodes, append(row, node.Class))
	}
	edgeHeader := []string{":START_ID", "id:string", "label:string"}
	for _, k := range n.EdgeKeys {
		edgeHeader = append(edgeHeader, neo4jKey(k))
	}
	edgeHeader = append(edgeHeader, ":END_ID", ":TYPE")
	for _, e := range n.Edges {
		row := append([]string{e.Source, e.ID, e.Label}, cells(n.EdgeKeys, e.Values)...)
		edges = append(edges, append(row, e.Target, relationshipType(e.Predicate)))
	}
	nodeFile, err := csvFile("nodes.csv", nodeHeader, nodes)
	if err != nil {
		return nil, err
	}
	edgeFile, err := csvFile("relationships.csv", edgeHeader, edges)
	if err != nil {
		return nil, err
	}
	about := readme(d.About, "", "Import into an empty database:",
		"neo4j-admin database import full --nodes=nodes.csv --relationships=relationships.csv --multiline-fields=true neo4j")
	return []file{nodeFile, edgeFile, about}, nil
}

// neo4jKey is the header of a property. A colon would begin its type, so the prefix of a predicate of
// another vocabulary is joined by a low line.
func neo4jKey(k Key) string {
	return strings.ReplaceAll(k.Name, ":", "_") + ":" + k.Type.String()
}

// relationshipType is a predicate as Neo4j's users write types: GAINED_ACCESS_TO.
func relationshipType(predicate string) string {
	name := predicate[strings.Index(predicate, ":")+1:]
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(unicode.ToUpper(r))
		} else {
			b.WriteByte('_')
		}
	}
	return b.String()
}
