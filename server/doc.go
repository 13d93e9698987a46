// Package server answers over HTTP: questions, entities, claims and exports as JSON and files, Cayley's
// own API and web pages, and the explorer page.
//
// A [Server] reads; it writes only for those who know a token, where [Options].Writing says so. What strangers may send is bounded everywhere: who may ask (the
// address, Host, Sec-Fetch-Site and a token), how much (headers, bodies, connections, time), and what a
// query text may do. Such a text, in whatever language, runs in a process of its own (package
// [kg/server/worker]), because nothing inside a process can stop all that a text may do; saved
// questions, whose text is ours, run in this one.
//
// The store is held by reference (shelf.go): a build that replaces its file is noticed, the requests
// that are under way end with the old one, and the next begin with the new.
//
// openapi.yaml describes the addresses under /api/kg; a test holds the handlers to it.
package server
