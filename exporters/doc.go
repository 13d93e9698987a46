// Package exporters writes a subgraph in the formats that other tools read: one file a format, one
// list of formats. It sees quads, never a store: the quads come in as a sequence, IRIs in the short
// form of the store, and leave with full IRIs.
package exporters
