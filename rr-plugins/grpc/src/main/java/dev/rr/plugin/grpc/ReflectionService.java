package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.rr.api.grpc.ProtoRegistry;
import dev.rr.grpc.CallMemory;
import dev.rr.grpc.MessageBytes.Received;
import dev.rr.grpc.MethodTable;
import dev.rr.grpc.OpenCalls;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Server reflection: tells clients which services there are, and the descriptors of messages where
 * a plugin knows them, and those of health and of itself always. Versions 1 and 1alpha differ in
 * name alone. Any thread.
 */
final class ReflectionService {
  private static final List<String> SERVICES =
      List.of("grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection");
  private static final int NOT_FOUND = 5;

  // Fields of a request.
  private static final int BY_NAME = 3;
  private static final int BY_SYMBOL = 4;
  private static final int BY_EXTENSION = 5;
  private static final int EXTENSIONS = 6;
  private static final int LIST = 7;

  // Fields of a response.
  private static final int ORIGINAL = 2;
  private static final int FILES = 4;
  private static final int NUMBERS = 5;
  private static final int LISTED = 6;
  private static final int ERROR = 7;

  private final MethodTable methods;
  private final Optional<ProtoRegistry> registry;

  private ReflectionService(MethodTable methods, Optional<ProtoRegistry> registry) {
    this.methods = methods;
    this.registry = registry;
  }

  /** Adds its methods. */
  static void register(MethodTable methods, Optional<ProtoRegistry> registry) {
    ReflectionService service = new ReflectionService(methods, registry);
    for (String name : SERVICES) {
      methods.add(
          name,
          "ServerReflectionInfo",
          MethodType.BIDI_STREAMING,
          (call, metadata) -> service.new Asking(call));
    }
  }

  /** A client that asks. It gets an answer for each question, and asks no more than it reads. */
  private final class Asking extends ServerCall.Listener<Received> {
    private final ServerCall<Received, byte[]> call;
    private boolean waiting;
    private boolean closed;

    Asking(ServerCall<Received, byte[]> call) {
      this.call = call;
      call.sendHeaders(new Metadata());
      call.request(1);
      OpenCalls.onStop(() -> close(Status.UNAVAILABLE.withDescription("the server stops")));
    }

    private synchronized void close(Status why) {
      if (!closed) {
        closed = true;
        call.close(why, new Metadata());
      }
    }

    @Override
    public synchronized void onMessage(Received message) {
      if (closed) {
        return;
      }
      try {
        call.sendMessage(answer(message.bytes()));
        CallMemory.doneWithMessage();
      } catch (IOException | UncheckedIOException e) {
        close(Status.INVALID_ARGUMENT.withDescription("the request cannot be read"));
        return;
      }
      if (call.isReady()) {
        call.request(1);
      } else {
        waiting = true;
      }
    }

    @Override
    public synchronized void onReady() {
      if (waiting) {
        waiting = false;
        call.request(1);
      }
    }

    @Override
    public void onHalfClose() {
      close(Status.OK);
    }

    @Override
    public synchronized void onCancel() {
      closed = true;
    }
  }

  private byte[] answer(byte[] request) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(request);
    int asked = 0;
    byte[] question = {};
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      if (field >= BY_NAME
          && field <= LIST
          && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        asked = field;
        question = in.readByteArray();
      } else {
        boolean unused = in.skipField(tag);
      }
    }
    int about = asked;
    byte[] text = question;
    return message(out -> {
      out.writeByteArray(ORIGINAL, request);
      answer(about, text, out);
    });
  }

  private void answer(int asked, byte[] question, CodedOutputStream out) throws IOException {
    String name = new String(question, UTF_8);
    switch (asked) {
      case BY_NAME -> files(or(find(r -> r.file(name)), BuiltInProto.named(name)), name, out);
      case BY_SYMBOL ->
          files(or(find(r -> r.fileOfSymbol(name)), BuiltInProto.ofSymbol(name)), name, out);
      case BY_EXTENSION -> extension(question, out);
      case EXTENSIONS -> numbers(name, out);
      case LIST -> out.writeByteArray(LISTED, message(this::services));
      default -> error("the request asks for nothing that is known here", out);
    }
  }

  private interface Finding {
    List<byte[]> in(ProtoRegistry registry);
  }

  private List<byte[]> find(Finding finding) {
    return registry.map(finding::in).orElse(List.of());
  }

  private static List<byte[]> or(List<byte[]> files, List<byte[]> others) {
    return files.isEmpty() ? others : files;
  }

  private static void files(List<byte[]> files, String name, CodedOutputStream out)
      throws IOException {
    if (files.isEmpty()) {
      error("not found: " + name, out);
      return;
    }
    out.writeByteArray(
        FILES,
        message(all -> {
          for (byte[] file : files) {
            all.writeByteArray(1, file);
          }
        }));
  }

  private void extension(byte[] question, CodedOutputStream out) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(question);
    String type = "";
    int number = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> type = in.readString();
        case 2 -> number = in.readInt32();
        default -> {
          boolean unused = in.skipField(tag);
        }
      }
    }
    String of = type;
    int which = number;
    files(find(r -> r.fileOfExtension(of, which)), of + " " + which, out);
  }

  private void numbers(String type, CodedOutputStream out) throws IOException {
    List<Integer> numbers = registry.map(r -> r.extensions(type)).orElse(List.of());
    if (numbers.isEmpty() && find(r -> r.fileOfSymbol(type)).isEmpty()) {
      error("not found: " + type, out);
      return;
    }
    out.writeByteArray(
        NUMBERS,
        message(all -> {
          all.writeString(1, type);
          for (int number : numbers) {
            all.writeInt32(2, number);
          }
        }));
  }

  private void services(CodedOutputStream out) throws IOException {
    for (String service : new TreeSet<>(methods.services())) {
      out.writeByteArray(1, message(one -> one.writeString(1, service)));
    }
  }

  private static void error(String text, CodedOutputStream out) throws IOException {
    out.writeByteArray(
        ERROR,
        message(error -> {
          error.writeInt32(1, NOT_FOUND);
          error.writeString(2, text);
        }));
  }

  private interface Writing {
    void into(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Writing writing) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      writing.into(out);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
