package dev.rr.cli.init;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The text of a first configuration: what most change, and nothing that is a default. */
final class FirstConfig {
  private FirstConfig() {}

  /**
   * Writes it.
   *
   * @param plugins those of this binary; a section of another one would be unknown
   */
  static String of(Project project, Set<String> plugins) {
    StringBuilder out = new StringBuilder("# Written by rr init for ");
    out.append(project.name()).append(".\n");
    out.append(
        "# What is in force, and why: rr config show. What may stand here: rr config schema.\n");
    out.append("version: \"3\"\n");
    if (plugins.contains("rpc")) {
      out.append("\n# Where rr workers and rr reset, and PHP's own calls, reach the server.\n");
      out.append("rpc:\n  listen: tcp://127.0.0.1:6001\n");
    }
    if (plugins.contains("server")) {
      server(out, project);
    }
    if (plugins.contains("http")) {
      http(out, project, plugins);
    }
    if (plugins.contains("logger")) {
      out.append("\nlogs:\n  # production writes JSON, a line for each record.\n");
      out.append("  mode: development\n  level: info\n");
    }
    return out.toString();
  }

  private static void server(StringBuilder out, Project project) {
    out.append("\nserver:\n  command: \"").append(project.command()).append("\"\n");
    if (!project.environment().isEmpty()) {
      out.append("  env:\n");
      for (Map.Entry<String, String> variable : new TreeMap<>(project.environment()).entrySet()) {
        out.append("    ").append(variable.getKey());
        out.append(": '").append(variable.getValue()).append("'\n");
      }
    }
  }

  private static void http(StringBuilder out, Project project, Set<String> plugins) {
    out.append("\nhttp:\n  # :8080 listens on every address of the machine.\n");
    out.append("  address: 127.0.0.1:8080\n");
    if (project.served() && plugins.contains("static")) {
      out.append("  middleware: [static]\n  static:\n    dir: public\n");
      out.append("    forbid: [\".php\", \".htaccess\"]\n");
    }
    out.append("  pool:\n    # One for each core, unless a number stands here.\n");
    out.append("    num_workers: 0\n    supervisor:\n");
    out.append("      # A worker of more megabytes is replaced after its request.\n");
    out.append("      max_worker_memory: 256\n");
  }
}
