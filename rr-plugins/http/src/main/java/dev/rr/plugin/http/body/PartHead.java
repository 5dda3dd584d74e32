package dev.rr.plugin.http.body;

import dev.rr.api.http.HttpFault;
import dev.rr.http.Controls;
import dev.rr.http.HeaderNames;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of a part, read as Go reads it: of a field that comes twice the first counts, a line
 * that begins with a blank goes on where the one before it ended, and a control byte in it makes
 * the form malformed. Byte strings.
 *
 * @param name the field's name; empty when the part is to be left out
 * @param file the file's name without folders; empty for a field
 * @param mime the content type, or empty
 * @param quotedPrintable whether the content is written so
 * @param size bytes of the head
 */
record PartHead(String name, String file, String mime, boolean quotedPrintable, int size) {
  private static final int MAX = 64 * 1024;

  /** Reads a head up to the empty line that ends it. */
  static PartHead read(MultipartInput input) throws HttpFault, InterruptedException {
    Map<String, String> fields = new HashMap<>();
    StringBuilder line = new StringBuilder();
    int size = 0;
    for (String next = input.line(); !next.isEmpty(); next = input.line()) {
      size += next.length();
      if (size > MAX) {
        throw new HttpFault(400, "multipart: the head of a part is too large");
      }
      boolean goesOn = next.charAt(0) == ' ' || next.charAt(0) == '\t';
      if (goesOn && line.isEmpty()) {
        throw malformed();
      }
      if (goesOn) {
        line.append(' ');
      } else {
        add(fields, line);
        line.setLength(0);
      }
      line.append(strip(next));
    }
    add(fields, line);
    return of(fields, size);
  }

  private static PartHead of(Map<String, String> fields, int size) {
    Parameters disposition = disposition(fields.getOrDefault("Content-Disposition", ""));
    String name = disposition.value().equals("form-data") ? disposition.get("name") : null;
    return new PartHead(
        name == null ? "" : name,
        baseName(disposition.get("filename")),
        fields.getOrDefault("Content-Type", ""),
        fields.getOrDefault("Content-Transfer-Encoding", "").equalsIgnoreCase("quoted-printable"),
        size);
  }

  private static void add(Map<String, String> fields, StringBuilder line) throws HttpFault {
    if (line.isEmpty()) {
      return;
    }
    int colon = line.indexOf(":");
    if (colon < 1
        || Controls.in(line.toString())
        || !HeaderNames.isToken(withoutBlanks(line, colon))) {
      throw malformed();
    }
    String name = line.substring(0, colon);
    if (HeaderNames.isToken(name)) {
      fields.putIfAbsent(HeaderNames.canonical(name), strip(line.substring(colon + 1)));
    }
    // A blank before the colon makes another name of it, which nobody asks for.
  }

  private static String withoutBlanks(StringBuilder line, int end) {
    return line.substring(0, end).replace(" ", "");
  }

  private static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static Parameters disposition(String text) {
    try {
      return Parameters.parse(text);
    } catch (HttpFault e) {
      // A part whose name cannot be read is left out, as one without a name is.
      return new Parameters("", Map.of());
    }
  }

  private static String baseName(@Nullable String path) {
    if (path == null) {
      return "";
    }
    int end = path.length();
    // One slash is left of nothing but slashes: a file's name, if a strange one.
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    if (end == 1) {
      return path.substring(0, 1);
    }
    return path.substring(path.lastIndexOf('/', end - 1) + 1, end);
  }

  private static HttpFault malformed() {
    return new HttpFault(400, "malformed MIME header line in a part");
  }
}
