package gizmo

// Methods lists what can be called on a path, for help and completion. Each can be written with a
// capital letter as well.
func Methods() []string { return methodNames() }

// Globals lists the names that Gizmo defines.
func Globals() []string { return globalNames() }

// GraphMethods lists what can be called on g.
func GraphMethods() []string {
	return []string{
		"IRI", "M", "Morphism", "Uri", "V", "Vertex", "addDefaultNamespaces", "addNamespace", "emit", "loadNamespaces",
	}
}

func methodNames() []string {
	return []string{
		"all", "and", "as", "back", "both", "claims", "count", "difference", "distinct", "except", "filter",
		"follow", "followR", "followRecursive", "forEach", "getLimit", "group", "has", "hasR", "in",
		"inPredicates", "intersect", "is", "labelContext", "labels", "limit", "map", "max", "min", "or",
		"order", "out", "outPredicates", "overlaps", "pathsTo", "save", "saveInPredicates", "saveOpt",
		"saveOptR", "saveOutPredicates", "saveR", "skip", "sort", "stats", "sum", "tag", "tagArray",
		"tagValue", "toArray", "toValue", "union", "unique",
	}
}

func globalNames() []string {
	return []string{
		"bnode", "during", "g", "graph", "gt", "gte", "iri", "lang", "like", "lt", "lte", "params", "raw",
		"regex", "str", "typed",
	}
}
