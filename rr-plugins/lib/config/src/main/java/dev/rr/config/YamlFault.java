package dev.rr.config;

import dev.rr.api.config.Problem;
import java.nio.file.Path;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Says what is wrong with broken YAML, and where. The parser speaks of tokens and blocks; the hints
 * say what one has to change in the file. Stateless; any thread.
 */
final class YamlFault {
  private YamlFault() {}

  /**
   * A part of what the parser says, and what helps then. The signs are of SnakeYAML Engine's
   * scanner and parser; one that a new version words differently costs its hint, nothing else.
   */
  private record Hint(String sign, String help) {}

  /** The first that fits is shown, so the narrow ones stand before the wide ones. */
  private static final List<Hint> HINTS =
      List.of(
          new Hint("\\t", "YAML is not indented with tabs: use spaces"),
          new Hint("TAB", "YAML is not indented with tabs: use spaces"),
          new Hint(
              "mapping values are not allowed",
              "a colon in an unquoted value, or a line that is indented too far: quote the value"
                  + " or align the key"),
          new Hint("could not find expected ':'", "a key without its colon"),
          new Hint(
              "expected <block end>", "this line is indented differently from the lines beside it"),
          new Hint("unexpected end of stream", "a quote or bracket is never closed"),
          new Hint("expected ',' or", "a bracket is never closed, or a comma is missing"),
          new Hint("cannot start any token", "quote a value that starts with this character"));

  /**
   * The fault as a problem. What the parser quotes of the file is made safe to be shown first.
   *
   * @param text the file's, to count lines where the parser gives a position only
   */
  static Problem problem(Path file, String text, YamlEngineException e) {
    return switch (e) {
      case MarkedYamlEngineException marked when marked.getProblemMark().isPresent() -> {
        Mark mark = marked.getProblemMark().get();
        String said = sentence(marked, mark);
        yield at(file, mark.getLine() + 1, "column " + (mark.getColumn() + 1) + ": " + said);
      }
      case ReaderException reader -> {
        String code = String.format("U+%04X", reader.getCodePoint());
        yield at(
            file, lineOf(text, reader.getPosition()), "the character " + code + " is not allowed");
      }
      default -> at(file, 0, "broken YAML: " + Secrets.shown(String.valueOf(e.getMessage())));
    };
  }

  /**
   * What is wrong, and where the block, list or quote begins in which it is: that line is often the
   * one to mend.
   */
  private static String sentence(MarkedYamlEngineException e, Mark mark) {
    String problem = e.getProblem() == null ? "syntax error" : e.getProblem();
    StringBuilder out = new StringBuilder("broken YAML: ").append(Secrets.shown(problem));
    e.getContextMark()
        .filter(begin -> begin.getLine() != mark.getLine())
        .ifPresent(begin -> out.append(", in what begins on line ").append(begin.getLine() + 1));
    HINTS.stream()
        .filter(hint -> problem.contains(hint.sign))
        .findFirst()
        .ifPresent(hint -> out.append(" (").append(hint.help).append(')'));
    return out.toString();
  }

  private static int lineOf(String text, int position) {
    int line = 1;
    for (int i = 0; i < Math.min(position, text.length()); i++) {
      line += text.charAt(i) == '\n' ? 1 : 0;
    }
    return line;
  }

  private static Problem at(Path file, int line, String message) {
    return new Problem(new Problem.Place(file, line, ""), message);
  }
}
