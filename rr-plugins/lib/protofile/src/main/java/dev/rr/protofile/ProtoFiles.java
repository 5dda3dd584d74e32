package dev.rr.protofile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ApiProto;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.SourceContextProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.TypeProto;
import com.google.protobuf.WrappersProto;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Proto files and what they import, with every type looked up. Those of {@code google/protobuf} are
 * known without a file. Immutable once read; any thread.
 */
public final class ProtoFiles {
  private static final Map<String, FileDescriptor> WELL_KNOWN =
      Stream.of(
              AnyProto.getDescriptor(),
              ApiProto.getDescriptor(),
              DescriptorProtos.getDescriptor(),
              DurationProto.getDescriptor(),
              EmptyProto.getDescriptor(),
              FieldMaskProto.getDescriptor(),
              SourceContextProto.getDescriptor(),
              StructProto.getDescriptor(),
              TimestampProto.getDescriptor(),
              TypeProto.getDescriptor(),
              WrappersProto.getDescriptor())
          .collect(Collectors.toUnmodifiableMap(FileDescriptor::getName, file -> file));

  private final List<Path> folders;
  private final Map<String, FileDescriptor> files = new LinkedHashMap<>();
  private final Map<String, FileDescriptor> symbols = new LinkedHashMap<>();
  private final Map<String, Map<Integer, FileDescriptor>> extensions = new LinkedHashMap<>();

  private ProtoFiles(List<Path> folders) {
    this.folders = folders;
  }

  /**
   * Reads files.
   *
   * @param folders where they and their imports are looked for, one after the other
   * @param names of the files, as imports name them
   * @throws IOException for the user: a file that is not there
   * @throws ProtoSyntaxException for the user: a file that is wrong
   */
  public static ProtoFiles read(List<Path> folders, Collection<String> names)
      throws IOException, ProtoSyntaxException {
    ProtoFiles all = new ProtoFiles(List.copyOf(folders));
    for (String name : names) {
      var unused = all.load(name, new HashSet<>());
    }
    return all;
  }

  /**
   * A file that is at hand as text, and imports no others but those of {@code google/protobuf}.
   *
   * @param name as imports would name it
   */
  public static ProtoFiles of(String name, String source) throws IOException, ProtoSyntaxException {
    ProtoFiles one = new ProtoFiles(List.of());
    FileDescriptor made = one.build(name, source, new HashSet<>());
    one.files.put(name, made);
    one.index(made);
    return one;
  }

  private FileDescriptor load(String name, Set<String> within)
      throws IOException, ProtoSyntaxException {
    FileDescriptor known = files.get(name);
    if (known != null) {
      return known;
    }
    if (!within.add(name)) {
      throw new ProtoSyntaxException(name, 1, 1, "it imports itself, by way of " + within);
    }
    FileDescriptor made = make(name, within);
    within.remove(name);
    files.put(name, made);
    index(made);
    return made;
  }

  private FileDescriptor make(String name, Set<String> within)
      throws IOException, ProtoSyntaxException {
    Path path = find(name);
    if (path == null) {
      FileDescriptor wellKnown = WELL_KNOWN.get(name);
      if (wellKnown != null) {
        return wellKnown;
      }
      throw new FileNotFoundException(
          "proto file '" + name + "' is in none of the folders " + folders);
    }
    return build(name, new String(Files.readAllBytes(path), UTF_8), within);
  }

  private FileDescriptor build(String name, String source, Set<String> within)
      throws IOException, ProtoSyntaxException {
    FileDescriptorProto parsed = ProtoFile.parse(name, source);
    List<FileDescriptor> imports = new ArrayList<>();
    for (String imported : parsed.getDependencyList()) {
      imports.add(load(imported, within));
    }
    try {
      return FileDescriptor.buildFrom(parsed, imports.toArray(FileDescriptor[]::new));
    } catch (DescriptorValidationException e) {
      throw new ProtoSyntaxException(
          name, 1, 1, e.getProblemSymbolName() + ": " + e.getDescription());
    }
  }

  private @Nullable Path find(String name) {
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElse(null);
  }

  // ---- what is in them -------------------------------------------------------------------------

  private void index(FileDescriptor file) {
    file.getMessageTypes().forEach(this::index);
    file.getEnumTypes().forEach(this::index);
    file.getExtensions().forEach(this::indexExtension);
    for (ServiceDescriptor service : file.getServices()) {
      symbols.put(service.getFullName(), file);
      service.getMethods().forEach(method -> symbols.put(method.getFullName(), file));
    }
  }

  private void index(Descriptor message) {
    symbols.put(message.getFullName(), message.getFile());
    message.getFields().forEach(field -> symbols.put(field.getFullName(), field.getFile()));
    message.getOneofs().forEach(one -> symbols.put(one.getFullName(), message.getFile()));
    message.getNestedTypes().forEach(this::index);
    message.getEnumTypes().forEach(this::index);
    message.getExtensions().forEach(this::indexExtension);
  }

  private void index(EnumDescriptor type) {
    symbols.put(type.getFullName(), type.getFile());
    type.getValues().forEach(value -> symbols.put(value.getFullName(), type.getFile()));
  }

  private void indexExtension(FieldDescriptor field) {
    symbols.put(field.getFullName(), field.getFile());
    extensions
        .computeIfAbsent(field.getContainingType().getFullName(), name -> new LinkedHashMap<>())
        .put(field.getNumber(), field.getFile());
  }

  /** A file and all that it imports; empty when it was not read. */
  public List<FileDescriptorProto> file(String name) {
    return closure(files.get(name));
  }

  /** The file that declares a message, enum, service, method or field, and all that it imports. */
  public List<FileDescriptorProto> fileOfSymbol(String name) {
    return closure(symbols.get(name));
  }

  /** The file that declares an extension of a message, and all that it imports. */
  public List<FileDescriptorProto> fileOfExtension(String message, int number) {
    return closure(extensions.getOrDefault(message, Map.of()).get(number));
  }

  /** The numbers of a message's extensions. */
  public List<Integer> extensions(String message) {
    return List.copyOf(extensions.getOrDefault(message, Map.of()).keySet());
  }

  private static List<FileDescriptorProto> closure(@Nullable FileDescriptor file) {
    Map<String, FileDescriptorProto> all = new LinkedHashMap<>();
    if (file != null) {
      add(file, all);
    }
    return List.copyOf(all.values());
  }

  private static void add(FileDescriptor file, Map<String, FileDescriptorProto> all) {
    if (!all.containsKey(file.getName())) {
      all.put(file.getName(), resolved(file));
      file.getDependencies().forEach(imported -> add(imported, all));
    }
  }

  // ---- types by their full names ---------------------------------------------------------------

  private static FileDescriptorProto resolved(FileDescriptor file) {
    FileDescriptorProto.Builder made = file.toProto().toBuilder();
    for (int i = 0; i < made.getMessageTypeCount(); i++) {
      resolve(made.getMessageTypeBuilder(i), file.getMessageTypes().get(i));
    }
    for (int i = 0; i < made.getExtensionCount(); i++) {
      resolve(made.getExtensionBuilder(i), file.getExtensions().get(i));
    }
    for (int i = 0; i < made.getServiceCount(); i++) {
      ServiceDescriptor service = file.getServices().get(i);
      List<MethodDescriptorProto.Builder> methods =
          made.getServiceBuilder(i).getMethodBuilderList();
      for (int j = 0; j < methods.size(); j++) {
        methods.get(j).setInputType("." + service.getMethods().get(j).getInputType().getFullName());
        methods
            .get(j)
            .setOutputType("." + service.getMethods().get(j).getOutputType().getFullName());
      }
    }
    return made.build();
  }

  private static void resolve(DescriptorProto.Builder made, Descriptor message) {
    for (int i = 0; i < made.getFieldCount(); i++) {
      resolve(made.getFieldBuilder(i), message.getFields().get(i));
    }
    for (int i = 0; i < made.getExtensionCount(); i++) {
      resolve(made.getExtensionBuilder(i), message.getExtensions().get(i));
    }
    for (int i = 0; i < made.getNestedTypeCount(); i++) {
      resolve(made.getNestedTypeBuilder(i), message.getNestedTypes().get(i));
    }
  }

  private static void resolve(FieldDescriptorProto.Builder made, FieldDescriptor field) {
    if (made.hasTypeName()) {
      boolean isEnum = field.getJavaType() == FieldDescriptor.JavaType.ENUM;
      made.setTypeName(
          "."
              + (isEnum
                  ? field.getEnumType().getFullName()
                  : field.getMessageType().getFullName()));
      made.setType(FieldDescriptorProto.Type.valueOf("TYPE_" + field.getType().name()));
    }
    if (made.hasExtendee()) {
      made.setExtendee("." + field.getContainingType().getFullName());
    }
  }
}
