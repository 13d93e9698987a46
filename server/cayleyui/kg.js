// What kg adds to Cayley's pages: saved questions and pictures that load with a click or by address
// (?question=NAME&PARAMETER=VALUE, ?picture=NAME, ?text=GIZMO), and the way back to the explorer.
"use strict";

$(function () {
  const asked = new URLSearchParams(location.search);
  const pictures = {
    "who-cracked-what":
      'g.V("<kg:Platform>").in("<rdf:type>").tag("target").save("<schema:name>", "target_label")\n' +
      '  .in("<kg:cracked>").tag("source").save("<schema:name>", "source_label").all()',
    "operations-and-platforms":
      'g.V("<kg:Operation>").in("<rdf:type>").tag("source").save("<schema:name>", "source_label")\n' +
      '  .out("<kg:targets>").tag("target").save("<schema:name>", "target_label").all()',
  };

  function load(text) {
    document.getElementById("gizmo-dropdown").click();
    editor.setValue(text);
  }

  async function loadQuestion(name, parameters) {
    const answer = await fetch("/ui/questions/" + encodeURIComponent(name) + "?" + parameters);
    load(answer.ok ? await answer.text() : "// " + (await answer.json()).error.message);
  }

  function entry(parent, label, address) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = label;
    item.append(link);
    parent.append(item);
  }

  const nav = document.querySelector("#sidebar ul.nav");
  if (nav) {
    entry(nav, "Explorer", "/");
    const heading = document.createElement("li");
    heading.className = "dropdown-header";
    if (location.pathname === "/ui/visualize") {
      heading.textContent = "Pictures";
      nav.append(heading);
      for (const name of Object.keys(pictures)) {
        entry(nav, name.replaceAll("-", " "), "/ui/visualize?picture=" + name);
      }
    } else {
      heading.textContent = "Saved questions";
      nav.append(heading);
      fetch("/api/kg/questions")
        .then((answer) => answer.json())
        .then((list) => {
          for (const q of list.questions) {
            entry(nav, q.name, location.pathname + "?question=" + encodeURIComponent(q.name));
          }
        });
    }
  }

  if (asked.has("question")) {
    const name = asked.get("question");
    asked.delete("question");
    loadQuestion(name, asked);
  } else if (asked.has("text")) {
    load(asked.get("text"));
  } else if (asked.has("picture") && Object.hasOwn(pictures, asked.get("picture"))) {
    load(pictures[asked.get("picture")]);
  }
});
