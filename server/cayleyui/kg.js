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
      '  .out("<kg:targeted>").tag("target").save("<schema:name>", "target_label").all()',
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
    // Below the list, which is longer here than in Cayley, instead of upon it.
    const documents = document.querySelector("#sidebar .at-bottom");
    if (documents) documents.style.position = "static";
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

  // Where a drawing belongs Cayley's pages say nothing of an error, nor of a text without rows.
  const place = document.querySelector("#viz, #visualize");
  function say(text) {
    const note = document.createElement("pre");
    note.textContent = text;
    place.replaceChildren(note);
  }
  if (place) {
    $(document).ajaxSend(() => {
      if (place.querySelector(":scope > pre")) place.replaceChildren();
    });
    $(document).ajaxError((_, answer) => {
      let text = answer.responseText || "the server does not answer";
      try {
        text = JSON.parse(text).error;
      } catch {
        // it is said as it is
      }
      say(text);
    });
    $(document).ajaxSuccess((_, answer) => {
      if (/"result": ?null/.test(answer.responseText)) say("The text has no rows.");
    });
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
