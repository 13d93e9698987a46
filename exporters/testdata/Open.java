import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.gephi.graph.api.Column;
import org.gephi.graph.api.DirectedGraph;
import org.gephi.graph.api.Edge;
import org.gephi.graph.api.Element;
import org.gephi.graph.api.GraphController;
import org.gephi.graph.api.GraphModel;
import org.gephi.graph.api.Node;
import org.gephi.io.importer.api.Container;
import org.gephi.io.importer.api.EdgeDirectionDefault;
import org.gephi.io.importer.api.ImportController;
import org.gephi.io.importer.api.Issue;
import org.gephi.io.processor.plugin.DefaultProcessor;
import org.gephi.project.api.ProjectController;
import org.openide.util.Lookup;

/** Opens graphs with Gephi, as its user does, and prints what it found as JSON: an answer a file. */
public class Open {
  public static void main(String[] files) throws Exception {
    for (String file : files) {
      ProjectController projects = Lookup.getDefault().lookup(ProjectController.class);
      projects.newProject();
      ImportController imports = Lookup.getDefault().lookup(ImportController.class);
      Container container = imports.importFile(new File(file));
      container.getLoader().setEdgeDefault(EdgeDirectionDefault.DIRECTED);
      container.getLoader().setEdgesMergeStrategy(org.gephi.io.importer.api.EdgeMergeStrategy.NO_MERGE);
      List<String> issues = new ArrayList<>();
      container.getReport().getIssues(1000).forEachRemaining((Issue i) -> issues.add(i.getLevel() + " " + i.getMessage()));
      imports.process(container, new DefaultProcessor(), projects.getCurrentWorkspace());
      GraphModel model = Lookup.getDefault().lookup(GraphController.class).getGraphModel();
      DirectedGraph graph = model.getDirectedGraph();
      StringBuilder out = new StringBuilder("{\"issues\":[");
      for (int i = 0; i < issues.size(); i++) {
        out.append(i > 0 ? "," : "").append(text(issues.get(i)));
      }
      out.append("],\"nodeTypes\":").append(types(model.getNodeTable())).append(",\"edgeTypes\":").append(types(model.getEdgeTable()));
      out.append(",\"nodes\":{");
      String comma = "";
      for (Node n : graph.getNodes().toArray()) {
        out.append(comma).append(text(n.getId().toString())).append(":").append(values(model.getNodeTable(), n));
        comma = ",";
      }
      out.append("},\"edges\":{");
      comma = "";
      for (Edge e : graph.getEdges().toArray()) {
        out.append(comma).append(text(e.getId().toString())).append(":{\"source\":").append(text(e.getSource().getId().toString()));
        out.append(",\"target\":").append(text(e.getTarget().getId().toString())).append(",\"data\":").append(values(model.getEdgeTable(), e)).append("}");
        comma = ",";
      }
      System.out.println(out.append("}}"));
      projects.closeCurrentProject();
    }
    System.exit(0);
  }

  static String types(Iterable<Column> table) {
    StringBuilder out = new StringBuilder("{");
    String comma = "";
    for (Column c : table) {
      out.append(comma).append(text(c.getTitle())).append(":").append(text(c.getTypeClass().getSimpleName()));
      comma = ",";
    }
    return out.append("}").toString();
  }

  static String values(Iterable<Column> table, Element e) {
    StringBuilder out = new StringBuilder("{");
    String comma = "";
    for (Column c : table) {
      Object value = e.getAttribute(c);
      if (value == null) {
        continue;
      }
      boolean bare = value instanceof Number || value instanceof Boolean;
      out.append(comma).append(text(c.getTitle())).append(":").append(bare ? value.toString() : text(value.toString()));
      comma = ",";
    }
    return out.append("}").toString();
  }

  static String text(String s) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : s.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append("\"").toString();
  }
}
