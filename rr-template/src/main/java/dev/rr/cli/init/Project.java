package dev.rr.cli.init;

import java.util.Map;

/**
 * A PHP application, as far as a configuration depends on it. Immutable.
 *
 * @param name what it is, with its article, for people
 * @param command how a worker of it is started
 * @param environment variables that its workers need
 * @param served whether its folder {@code public} holds files for browsers
 * @param missing what has to be done before workers start; empty when nothing has
 */
record Project(
    String name, String command, Map<String, String> environment, boolean served, String missing) {
  Project {
    environment = Map.copyOf(environment);
  }

  static Project of(String name, String command) {
    return new Project(name, command, Map.of(), false, "");
  }

  Project with(Map<String, String> variables) {
    return new Project(name, command, variables, served, missing);
  }

  Project serving(boolean files) {
    return new Project(name, command, environment, files, missing);
  }

  Project lacking(String what) {
    return new Project(name, command, environment, served, what);
  }
}
