package dev.rr.api.grpc;

import dev.rr.annotation.Contract;
import java.util.List;

/**
 * Knows proto files, for clients that ask a server what it serves. Files are serialised {@code
 * google.protobuf.FileDescriptorProto}: the one asked for, then all that it imports. Ready from its
 * plugin's check on. Any thread; nothing here waits.
 */
@Contract
public interface ProtoRegistry {
  /** A file by the name that imports give it; empty when it is not known. */
  List<byte[]> file(String name);

  /** The file that declares a message, enum, service, method or field by its full name. */
  List<byte[]> fileOfSymbol(String name);

  /** The file that declares an extension of a message. */
  List<byte[]> fileOfExtension(String message, int number);

  /** The numbers of a message's extensions; empty when there are none. */
  List<Integer> extensions(String message);
}
