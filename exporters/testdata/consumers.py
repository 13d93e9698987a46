"""Opens what kg exports with the programs that people open it with, and prints what they found as JSON."""
import json
import sys


def graphml_networkx(path):
    import networkx
    return of_networkx(networkx.read_graphml(path, force_multigraph=True, edge_key_type=str))


def gexf_networkx(path):
    import networkx
    return of_networkx(networkx.read_gexf(path, version="1.3"))


def of_networkx(graph):
    nodes = {id: data for id, data in graph.nodes(data=True)}
    edges = {}
    for source, target, key, data in graph.edges(keys=True, data=True):
        edges[str(data.get("id", key))] = {"source": source, "target": target, "data": data}
    return {"nodes": nodes, "edges": edges}


def graphml_igraph(path):
    import igraph
    graph = igraph.Graph.Read_GraphML(path)
    present = lambda data: {k: v for k, v in data.items() if v is not None and v == v and v != ""}
    names = [v["id"] for v in graph.vs]
    edges = {}
    # igraph takes the id of an edge's source for that of the edge; but it keeps their order.
    import xml.etree.ElementTree
    ids = [e.get("id") for e in xml.etree.ElementTree.parse(path).iter("{http://graphml.graphdrawing.org/xmlns}edge")]
    for id, e in zip(ids, graph.es, strict=True):
        edges[id] = {"source": names[e.source], "target": names[e.target], "data": present(e.attributes())}
    return {"nodes": {v["id"]: present(v.attributes()) for v in graph.vs}, "edges": edges}


def csv_duckdb(path):
    return of_duckdb("read_csv(?, header=true, all_varchar=true, delim=',', quote='\"', escape='\"', nullstr='')", path)


def csv_typed_duckdb(path):
    """The types that DuckDB finds by itself."""
    import duckdb
    c = duckdb.connect()
    c.execute("describe select * from read_csv(?, sample_size=-1)", [path])
    return {row[0]: row[1] for row in c.fetchall()}


def tsv_duckdb(path):
    return of_duckdb("read_csv(?, header=true, all_varchar=true, delim='\t', quote='', escape='', nullstr='')", path)


def parquet_duckdb(path):
    return of_duckdb("read_parquet(?)", path)


def rows_duckdb(path):
    return of_duckdb("read_json(?, format='newline_delimited', sample_size=-1, convert_strings_to_integers=false, dateformat='none', timestampformat='none')", path)


def of_duckdb(source, path):
    import duckdb
    c = duckdb.connect()
    c.execute("select * from " + source, [path])
    names = [d[0] for d in c.description]
    rows = [{n: v for n, v in zip(names, row) if v is not None} for row in c.fetchall()]
    return {"columns": names, "types": [str(d[1]) for d in c.description], "rows": rows}


def parquet_pyarrow(path):
    import pyarrow.parquet
    table = pyarrow.parquet.read_table(path)
    rows = [{k: v for k, v in row.items() if v is not None} for row in table.to_pylist()]
    about = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
    return {"columns": table.column_names, "types": [str(f.type) for f in table.schema], "rows": rows, "about": about}


def xlsx_openpyxl(path):
    import openpyxl
    book = openpyxl.load_workbook(path)
    sheet = book["facts"]
    lines = list(sheet.iter_rows())
    names = [c.value for c in lines[0]]
    rows = [{n: c.value for n, c in zip(names, line) if c.value is not None} for line in lines[1:]]
    formulas = [c.coordinate for line in lines for c in line if c.data_type == "f"]
    about = [c.value for line in book["about"].iter_rows() for c in line]
    return {"columns": names, "rows": rows, "formulas": formulas, "about": about}


def ftm(path):
    """What a reader of FollowTheMoney does: each entity is made, checked against the model, and its values cleaned."""
    from followthemoney import model
    from followthemoney.proxy import EntityProxy
    from followthemoney.types import registry
    counts, problems, ids, refs = {}, [], set(), set()
    for line in open(path, encoding="utf-8"):
        data = json.loads(line)
        entity = model.get_proxy(data)
        if entity.id in ids:
            problems.append(f"{entity.id}: stands twice")
        ids.add(entity.id)
        counts[entity.schema.name] = counts.get(entity.schema.name, 0) + 1
        if registry.entity.clean(entity.id) != entity.id:
            problems.append(f"{entity.id}: no id")
        try:
            entity.schema.validate(data)
        except Exception as e:
            problems.append(f"{entity.id}: {e}")
        for prop in entity.schema.required:
            if not entity.get(prop):
                problems.append(f"{entity.id}: wants {prop}")
        for name, values in data["properties"].items():
            prop = entity.schema.get(name)
            if prop is None:
                problems.append(f"{entity.id}: {entity.schema.name} has no {name}")
                continue
            for value in values:
                if prop.type == registry.entity:
                    refs.add((entity.id, name, value, prop.range.name))
                elif prop.type.clean(value) is None:
                    problems.append(f"{entity.id}: {name} takes no {value!r}")
    schemata = {e["id"]: e["schema"] for e in map(json.loads, open(path, encoding="utf-8"))}
    for id, name, value, wanted in refs:
        if value not in schemata:
            problems.append(f"{id}: {name} {value} is not here")
        elif not model.get(schemata[value]).is_a(wanted):
            problems.append(f"{id}: {name} {value} is no {wanted}")
    return {"counts": counts, "problems": sorted(problems)}


def stix(path):
    import logging
    from stix2validator import ValidationOptions, validate_file
    logging.disable(logging.CRITICAL)
    # 103 wants ids by chance, ours are hashes, so that they stay; 302 wants hashes of pages.
    found = validate_file(path, ValidationOptions(version="2.1", enforce_refs=True, disabled="103,302"))
    problems = [str(e) for r in found.object_results for e in r.errors]
    warnings = [str(w) for r in found.object_results for w in r.warnings]
    counts = {}
    for o in json.load(open(path, encoding="utf-8"))["objects"]:
        counts[o["type"]] = counts.get(o["type"], 0) + 1
    return {"valid": found.is_valid, "counts": counts, "problems": problems, "warnings": sorted(set(warnings))}


def jsonld_oxigraph(path):
    """The quads of a document, lists of members and all, without looking anything up."""
    import pyoxigraph
    quads = list(pyoxigraph.parse(open(path, "rb").read(), format=pyoxigraph.RdfFormat.JSON_LD))
    return {"lines": [str(q) for q in quads]}


def star_oxigraph_turtle(path):
    return star_oxigraph(path, "TURTLE")


def star_oxigraph_ntriples(path):
    return star_oxigraph(path, "N_TRIPLES")


def star_oxigraph(path, format):
    """The triples of RDF 1.2."""
    import pyoxigraph
    triples = pyoxigraph.parse(open(path, "rb").read(), format=getattr(pyoxigraph.RdfFormat, format))
    text = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_QUADS).decode()
    return {"lines": text.splitlines()}


def versions(_):
    from importlib.metadata import version
    return {p: version(p) for p in ("pyoxigraph", "networkx", "igraph", "duckdb", "pyarrow", "openpyxl", "followthemoney", "stix2-validator")}


json.dump(globals()[sys.argv[1]](sys.argv[2]), sys.stdout, default=str)
