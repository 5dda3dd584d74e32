package dev.rr.plugin.http;

import dev.rr.api.http.HttpFault;
import dev.rr.exchange.HeaderNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a multipart form (RFC 7578) as it arrives: fields into memory, files onto disk. On one
 * virtual thread.
 */
final class MultipartParser {
  /** Go's limit. */
  private static final int MAX_PARTS = 1000;

  private static final int MAX_BOUNDARY = 256;
  private static final int MAX_PART_HEAD = 64 * 1024;

  private final BodyPipe source;
  private final byte[] delimiter;
  private final Uploads uploads;
  private final List<Path> files;
  private final FormFields fields = new FormFields();
  private final Map<String, List<Uploads.Upload>> uploaded = new LinkedHashMap<>();
  private long memoryLeft;

  private byte[] buffer = new byte[128 * 1024];
  private int from;
  private int to;
  private boolean sourceEnded;

  /**
   * A parser.
   *
   * @param memory bytes that fields may have together
   * @param files gets every file that is made, as soon as it is
   */
  MultipartParser(BodyPipe source, String boundary, Uploads uploads, long memory, List<Path> files)
      throws HttpFault {
    if (boundary.length() > MAX_BOUNDARY) {
      throw new HttpFault(400, "multipart boundary too long");
    }
    this.source = source;
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    this.uploads = uploads;
    this.memoryLeft = memory;
    this.files = files;
    // A line break in front makes the first boundary like the others.
    buffer[0] = '\r';
    buffer[1] = '\n';
    to = 2;
  }

  /** The fields' JSON text; empty without fields. */
  byte[] fields() throws HttpFault {
    return fields.json();
  }

  /** JSON text of the tree of files. */
  byte[] uploads() throws HttpFault {
    FormTree<Uploads.Upload> tree = new FormTree<>(u -> false, FormTree.Pick.FIRST);
    for (Map.Entry<String, List<Uploads.Upload>> entry : uploaded.entrySet()) {
      tree.mount(entry.getKey(), entry.getValue());
    }
    ByteWriter out = new ByteWriter(1024);
    tree.write(out, (to, upload) -> upload.write(to));
    return out.toByteArray();
  }

  /**
   * Reads the whole body.
   *
   * @throws HttpFault what to answer, when it is not one
   */
  void parse() throws HttpFault, InterruptedException {
    copyUntilBoundary(OutputStream.nullOutputStream());
    int parts = 0;
    while (!closing()) {
      if (++parts > MAX_PARTS) {
        throw new HttpFault(400, "multipart: message too large");
      }
      part();
    }
    // What follows the last boundary means nothing, but belongs to the body.
    while (fill()) {
      from = to;
    }
  }

  /** Reads what follows a boundary; whether it was the last. */
  private boolean closing() throws HttpFault, InterruptedException {
    require(2);
    if (buffer[from] == '-' && buffer[from + 1] == '-') {
      from += 2;
      return true;
    }
    require(1);
    while (buffer[from] == ' ' || buffer[from] == '\t') {
      from++;
      require(1);
    }
    require(2);
    if (buffer[from] != '\r' || buffer[from + 1] != '\n') {
      throw new HttpFault(400, "multipart: malformed boundary line");
    }
    from += 2;
    return false;
  }

  private void part() throws HttpFault, InterruptedException {
    String disposition = "";
    String mime = "";
    boolean quotedPrintable = false;
    int head = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      head += line.length();
      int colon = line.indexOf(':');
      if (colon < 1 || head > MAX_PART_HEAD) {
        throw new HttpFault(400, "malformed MIME header line in a part");
      }
      String value = line.substring(colon + 1).strip();
      switch (HeaderNames.canonical(line.substring(0, colon).strip())) {
        case "Content-Disposition" -> disposition = value;
        case "Content-Type" -> mime = value;
        case "Content-Transfer-Encoding" ->
            quotedPrintable = value.equalsIgnoreCase("quoted-printable");
        default -> {}
      }
    }
    // The line break that ended the head may be the one that begins the boundary.
    from -= 2;
    Parameters parameters = disposition(disposition);
    String name = parameters.value().equals("form-data") ? parameters.get("name") : null;
    String file = baseName(parameters.get("filename"));
    if (name == null || name.isEmpty()) {
      content(OutputStream.nullOutputStream(), false);
    } else if (file.isEmpty()) {
      field(name, quotedPrintable);
    } else {
      uploaded
          .computeIfAbsent(name, n -> new ArrayList<>(1))
          .add(file(file, mime, quotedPrintable));
    }
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
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(path.lastIndexOf('/', end - 1) + 1, end);
  }

  private void field(String name, boolean quotedPrintable) throws HttpFault, InterruptedException {
    ByteArrayOutputStream value =
        new ByteArrayOutputStream() {
          @Override
          public void write(byte[] bytes, int offset, int length) {
            memoryLeft -= length;
            if (memoryLeft >= 0) {
              super.write(bytes, offset, length);
            }
          }
        };
    memoryLeft -= name.length();
    content(value, quotedPrintable);
    if (memoryLeft < 0) {
      throw new HttpFault(413, "multipart: message too large");
    }
    fields.add(name, value.toString(StandardCharsets.ISO_8859_1));
  }

  private Uploads.Upload file(String name, String mime, boolean quotedPrintable)
      throws HttpFault, InterruptedException {
    if (!uploads.takes(name)) {
      content(OutputStream.nullOutputStream(), false);
      return new Uploads.Upload(name, mime, 0, Uploads.FORBIDDEN, "");
    }
    Path path;
    try {
      path = uploads.create();
    } catch (IOException e) {
      content(OutputStream.nullOutputStream(), false);
      return new Uploads.Upload(name, mime, 0, Uploads.CANNOT_CREATE, "");
    }
    files.add(path);
    FileSink sink = new FileSink(path);
    try (sink) {
      content(sink, quotedPrintable);
    } catch (IOException e) {
      return new Uploads.Upload(name, mime, sink.size, Uploads.CANNOT_WRITE, "");
    }
    int error = sink.broken ? Uploads.CANNOT_WRITE : Uploads.OK;
    return new Uploads.Upload(
        name,
        mime,
        sink.size,
        error,
        new String(path.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  /** A file whose first failure is remembered, so that the rest of the body can still be read. */
  private static final class FileSink extends OutputStream {
    private final Path path;
    private @Nullable OutputStream out;
    private long size;
    private boolean broken;

    FileSink(Path path) {
      this.path = path;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (broken) {
        return;
      }
      try {
        OutputStream to = out;
        if (to == null) {
          to = Files.newOutputStream(path);
          out = to;
        }
        to.write(bytes, offset, length);
        size += length;
      } catch (IOException e) {
        broken = true;
      }
    }

    @Override
    public void close() throws IOException {
      if (out != null) {
        out.close();
      }
    }
  }

  private void content(OutputStream sink, boolean quotedPrintable)
      throws HttpFault, InterruptedException {
    if (!quotedPrintable) {
      copyUntilBoundary(sink);
      return;
    }
    QuotedPrintable decoder = new QuotedPrintable(sink);
    copyUntilBoundary(decoder);
    try {
      decoder.finish();
    } catch (IOException e) {
      throw new HttpFault(400, "multipart: " + e.getMessage());
    }
  }

  /** Copies up to the next boundary and passes it. */
  private void copyUntilBoundary(OutputStream sink) throws HttpFault, InterruptedException {
    // The two bytes of the line break before a part's content are not content.
    int skip = sinkStart;
    sinkStart = 2;
    while (true) {
      int at = find();
      int end = at >= 0 ? at : Math.max(from, to - delimiter.length - 1);
      int start = Math.min(from + skip, end);
      skip -= start - from;
      if (end > start) {
        try {
          sink.write(buffer, start, end - start);
        } catch (IOException e) {
          throw new HttpFault(400, "multipart: " + e.getMessage());
        }
      }
      from = end;
      if (at >= 0) {
        from = at + delimiter.length;
        return;
      }
      if (!fill()) {
        throw new HttpFault(400, "multipart: NextPart: unexpected EOF");
      }
    }
  }

  /** 0 before the first boundary, where nothing has to be skipped. */
  private int sinkStart;

  /** Where the next boundary begins with its line break; -1 when it is not all there. */
  private int find() {
    int last = to - delimiter.length - 1;
    for (int at = from; at <= last; at++) {
      if (buffer[at] == '\r' && matches(at)) {
        byte after = buffer[at + delimiter.length];
        if (after == '-' || after == '\r' || after == ' ' || after == '\t') {
          return at;
        }
      }
    }
    return -1;
  }

  private boolean matches(int at) {
    for (int i = 1; i < delimiter.length; i++) {
      if (buffer[at + i] != delimiter[i]) {
        return false;
      }
    }
    return true;
  }

  private String line() throws HttpFault, InterruptedException {
    int searched = 0;
    while (true) {
      for (int at = from + searched; at < to; at++) {
        if (buffer[at] == '\n') {
          if (at == from || buffer[at - 1] != '\r') {
            throw new HttpFault(400, "malformed MIME header in a part");
          }
          String line = new String(buffer, from, at - 1 - from, StandardCharsets.ISO_8859_1);
          from = at + 1;
          return line;
        }
      }
      searched = to - from;
      if (searched > MAX_PART_HEAD || !fill()) {
        throw new HttpFault(400, "multipart: NextPart: unexpected EOF");
      }
    }
  }

  private void require(int count) throws HttpFault, InterruptedException {
    while (to - from < count) {
      if (!fill()) {
        throw new HttpFault(400, "multipart: NextPart: EOF");
      }
    }
  }

  /** Gets more; false at the end. */
  private boolean fill() throws HttpFault, InterruptedException {
    if (sourceEnded) {
      return false;
    }
    ByteBuffer next = source.take();
    if (next == null) {
      sourceEnded = true;
      return false;
    }
    int kept = to - from;
    if (kept + next.remaining() > buffer.length) {
      byte[] larger = new byte[Math.max(kept + next.remaining(), buffer.length)];
      System.arraycopy(buffer, from, larger, 0, kept);
      buffer = larger;
    } else {
      System.arraycopy(buffer, from, buffer, 0, kept);
    }
    from = 0;
    to = kept;
    int count = next.remaining();
    next.get(buffer, to, count);
    to += count;
    return true;
  }
}
