package exporters

func edgeList() Format {
	return Format{
		Name: "edgelist", Extensions: []string{".edges.zip"}, MediaType: "application/zip",
		About:  "archive of nodes.csv and edges.csv (Gephi, Kumu, R, pandas): every attribute a column",
		Graphs: true, View: true,
		Write: archived(edgeListFiles),
	}
}

// edgeListFiles names the columns as Gephi and others look for them: Id, Label, Source, Target.
func edgeListFiles(d Document) ([]file, error) {
	n, err := newNetwork(d)
	if err != nil {
		return nil, err
	}
	nodeHeader := []string{"Id", "Label"}
	for _, k := range n.NodeKeys {
		nodeHeader = append(nodeHeader, k.Name)
	}
	var nodes, edges [][]string
	for _, node := range n.Nodes {
		nodes = append(nodes, append([]string{node.ID, node.Label}, cells(n.NodeKeys, node.Values)...))
	}
	edgeHeader := []string{"Source", "Target", "Type", "Id", "Label", "Weight"}
	for _, k := range n.EdgeKeys {
		name := k.Name
		if name == "source" { // the same word as Source, to readers that fold case
			name = "document"
		}
		edgeHeader = append(edgeHeader, name)
	}
	for _, e := range n.Edges {
		row := []string{e.Source, e.Target, "Directed", e.ID, e.Label, attributeText(e.Weight)}
		edges = append(edges, append(row, cells(n.EdgeKeys, e.Values)...))
	}
	nodeFile, err := csvFile("nodes.csv", nodeHeader, nodes)
	if err != nil {
		return nil, err
	}
	edgeFile, err := csvFile("edges.csv", edgeHeader, edges)
	if err != nil {
		return nil, err
	}
	about := readme(d.About, "", "nodes.csv: an entity a row.", "edges.csv: a fact between two entities a row, with its claim; Source and Target are Ids of nodes.csv.")
	return []file{nodeFile, edgeFile, about}, nil
}

// cells are the values of attributes in the order of their keys.
func cells(keys []Key, values map[string]any) []string {
	row := make([]string, len(keys))
	for i, k := range keys {
		row[i] = attributeText(values[k.Name])
	}
	return row
}
