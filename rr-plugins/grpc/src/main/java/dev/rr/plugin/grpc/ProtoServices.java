package dev.rr.plugin.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import dev.rr.api.config.Section;
import dev.rr.protofile.ProtoFile;
import dev.rr.protofile.ProtoSyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The services that {@code grpc.proto} names: those of the files and those of what these import, as
 * far as that lies in the folder of the file that was named. Other imports bring messages only, of
 * which nothing has to be known here.
 */
final class ProtoServices {
  private static final String KEY = "proto";

  private final Map<String, Service> services = new LinkedHashMap<>();
  private final Set<Path> read = new HashSet<>();
  private final Path folder;
  private final @Nullable Section section;

  /**
   * A service.
   *
   * @param file that declares it
   */
  private record Service(Path file, List<Method> methods) {}

  /**
   * A method.
   *
   * @param clientStreams whether a call has a stream of messages
   * @param serverStreams whether an answer may be a stream of messages
   */
  record Method(String name, boolean clientStreams, boolean serverStreams) {
    private static Method of(MethodDescriptorProto declared) {
      return new Method(
          declared.getName(), declared.getClientStreaming(), declared.getServerStreaming());
    }
  }

  private ProtoServices(Path folder, @Nullable Section section) {
    this.folder = folder;
    this.section = section;
  }

  /**
   * Reads what is configured.
   *
   * @param folder where relative paths begin
   * @param section gets a problem for each entry that cannot be used
   */
  static ProtoServices read(List<String> entries, Path folder, Section section) {
    ProtoServices services = new ProtoServices(folder, section);
    for (String entry : entries) {
      if (!entry.isEmpty()) {
        services.add(entry);
      }
    }
    return services;
  }

  /** None. */
  static ProtoServices none() {
    return new ProtoServices(Path.of(""), null);
  }

  private void add(String entry) {
    try {
      if (ProtoGlob.isPattern(entry)) {
        ProtoGlob.find(entry, folder).forEach(this::add);
      } else if (Files.isRegularFile(folder.resolve(entry))) {
        add(folder.resolve(entry));
      } else {
        problem("proto file '" + entry + "' does not exist");
      }
    } catch (IllegalArgumentException e) {
      problem("'" + entry + "' is no pattern: " + e.getMessage());
    } catch (IOException e) {
      problem("'" + entry + "' cannot be searched for: " + reason(e));
    }
  }

  private void add(Path file) {
    try {
      add(file, file.resolveSibling(""));
    } catch (ProtoSyntaxException e) {
      problem(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      problem("proto file '" + file + "' cannot be read: " + reason(e));
    }
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "it does not exist" : String.valueOf(e.getMessage());
  }

  private void add(Path file, Path imports) throws IOException, ProtoSyntaxException {
    if (!read.add(file.toRealPath())) {
      return;
    }
    FileDescriptorProto parsed =
        ProtoFile.parse(file.toString(), new String(Files.readAllBytes(file), UTF_8));
    parsed.getServiceList().forEach(service -> add(file, parsed.getPackage(), service));
    for (String imported : parsed.getDependencyList()) {
      Path other = imports.resolve(imported);
      if (Files.isRegularFile(other)) {
        add(other, imports);
      }
    }
  }

  private void add(Path file, String in, ServiceDescriptorProto declared) {
    String name = in.isEmpty() ? declared.getName() : in + "." + declared.getName();
    List<Method> methods = declared.getMethodList().stream().map(Method::of).toList();
    Service before = services.putIfAbsent(name, new Service(file, methods));
    if (before != null) {
      problem("the service " + name + " stands in two files, " + before.file() + " and " + file);
    }
  }

  private void problem(String text) {
    if (section != null) {
      section.problem(KEY, text);
    }
  }

  /** The methods of each service, by its full name, in the order of the files. */
  Map<String, List<Method>> methods() {
    Map<String, List<Method>> methods = new LinkedHashMap<>();
    services.forEach((name, service) -> methods.put(name, service.methods()));
    return methods;
  }
}
