package dev.rr.plugin.http.body;

import dev.rr.api.http.HttpFault;
import java.io.IOException;
import java.io.OutputStream;
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

  /** What a part takes beside its head and content. */
  private static final int PART = 512;

  private final MultipartInput input;
  private final Uploads uploads;
  private final List<Path> files;
  private final FormMemory memory;
  private final long limit;
  private final FormFields fields = new FormFields();
  private final Map<String, List<Uploads.Upload>> uploaded = new LinkedHashMap<>();

  /**
   * A parser.
   *
   * @param limit bytes that a form may have
   * @param files gets every file that is made, as soon as it is
   */
  MultipartParser(
      MultipartInput input, Uploads uploads, FormMemory memory, long limit, List<Path> files) {
    this.input = input;
    this.uploads = uploads;
    this.memory = memory;
    this.limit = limit;
    this.files = files;
  }

  /** The fields' JSON text; empty without fields. */
  byte[] fields() throws HttpFault {
    return fields.json(memory);
  }

  /** JSON text of the tree of files. */
  byte[] uploads() throws HttpFault {
    FormTree<Uploads.Upload> tree =
        new FormTree<>(Uploads.Upload.KIND, FormTree.Pick.FIRST, memory);
    for (Map.Entry<String, List<Uploads.Upload>> entry : uploaded.entrySet()) {
      tree.put(entry.getKey(), entry.getValue());
    }
    return tree.json();
  }

  /**
   * Reads the whole body.
   *
   * @throws HttpFault what to answer, when it is not one
   */
  void parse() throws HttpFault, InterruptedException {
    int parts = 0;
    while (input.nextPart()) {
      if (++parts > MAX_PARTS) {
        throw new HttpFault(400, "multipart: message too large");
      }
      part(PartHead.read(input));
    }
  }

  private void part(PartHead head) throws HttpFault, InterruptedException {
    memory.hold(PART + head.size());
    if (head.name().isEmpty()) {
      skip();
    } else if (head.file().isEmpty()) {
      field(head);
    } else {
      uploaded.computeIfAbsent(head.name(), n -> new ArrayList<>(1)).add(file(head));
    }
  }

  private void field(PartHead head) throws HttpFault, InterruptedException {
    FieldSink value = new FieldSink();
    content(head, value);
    if (value.fault != null) {
      throw value.fault;
    }
    fields.add(head.name(), value.bytes.text());
  }

  /** A field's value, until it is too large. */
  private final class FieldSink extends OutputStream {
    private final FormBytes bytes = new FormBytes(limit);
    private @Nullable HttpFault fault;

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] more, int offset, int length) {
      if (fault != null) {
        return;
      }
      try {
        memory.hold(length);
        bytes.add(more, offset, length);
      } catch (HttpFault e) {
        bytes.clear();
        fault = e;
      }
    }
  }

  private Uploads.Upload file(PartHead head) throws HttpFault, InterruptedException {
    if (!uploads.takes(head.file())) {
      skip();
      return new Uploads.Upload(head.file(), head.mime(), 0, Uploads.FORBIDDEN, "");
    }
    Path path;
    try {
      path = uploads.create();
    } catch (IOException e) {
      skip();
      return new Uploads.Upload(head.file(), head.mime(), 0, Uploads.CANNOT_CREATE, "");
    }
    files.add(path);
    FileSink sink = new FileSink(path);
    try (sink) {
      content(head, sink);
    } catch (IOException e) {
      return new Uploads.Upload(head.file(), head.mime(), sink.size, Uploads.CANNOT_WRITE, "");
    }
    int error = sink.broken ? Uploads.CANNOT_WRITE : Uploads.OK;
    String text =
        new String(path.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return new Uploads.Upload(head.file(), head.mime(), sink.size, error, text);
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

  private void skip() throws HttpFault, InterruptedException {
    try {
      input.content(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** The sinks above keep their failures to themselves: what fails here is the decoding. */
  private void content(PartHead head, OutputStream sink) throws HttpFault, InterruptedException {
    try {
      if (head.quotedPrintable()) {
        QuotedPrintable decoder = new QuotedPrintable(sink);
        input.content(decoder);
        decoder.finish();
      } else {
        input.content(sink);
      }
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private static HttpFault malformed(IOException cause) {
    return new HttpFault(400, "multipart: " + cause.getMessage());
  }
}
