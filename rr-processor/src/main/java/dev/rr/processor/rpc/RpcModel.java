package dev.rr.processor.rpc;

import com.palantir.javapoet.ClassName;
import dev.rr.processor.base.Lang;
import java.util.List;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import org.jspecify.annotations.Nullable;

/**
 * A plugin's RPC methods that were found to be right.
 *
 * @param plugin the plugin class
 * @param methods sorted by RPC name; at least one
 */
public record RpcModel(TypeElement plugin, List<Method> methods) {
  public RpcModel {
    methods = List.copyOf(methods);
  }

  /** How an argument is decoded. */
  enum Argument {
    STRING("string"),
    BOOLEAN("bool"),
    INT("integer"),
    LONG("longInteger"),
    DOUBLE("decimal"),
    BYTES("bytes"),
    STRINGS("strings"),
    MAP("map"),
    MESSAGE("message");

    private final String reader;

    Argument(String reader) {
      this.reader = reader;
    }

    String reader() {
      return reader;
    }
  }

  /**
   * One method.
   *
   * @param rpcName its name after the dot
   * @param name the Java method
   * @param argument how its argument is decoded; null when it takes none
   * @param message the message type, for {@link Argument#MESSAGE}
   * @param takesCall whether its last parameter is the call
   * @param result its result; null for {@code void}
   * @param quick whether it runs on the event loop
   */
  record Method(
      String rpcName,
      String name,
      @Nullable Argument argument,
      @Nullable TypeElement message,
      boolean takesCall,
      @Nullable TypeMirror result,
      boolean quick) {}

  /** The RPC names, sorted. */
  public List<String> names() {
    return methods.stream().map(Method::rpcName).toList();
  }

  /** The generated dispatch. */
  public ClassName dispatch() {
    return ClassName.get(ClassName.get(plugin).packageName(), Lang.flatName(plugin) + "Rpc");
  }
}
