package dev.rr.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a plugin's method callable by workers and by the command line as {@code <plugin
 * id>.<name>}. The plugin then offers {@code dev.rr.api.rpc.RpcService}; the dispatch is generated,
 * without reflection.
 *
 * <p>The method takes no or one argument and runs on a virtual thread; several calls may run at
 * once. One that waits takes a {@code dev.rr.api.rpc.RpcCall} as its last parameter, which tells
 * the deadline and when the caller leaves. An exception's message is the error text that the caller
 * receives. Types of the argument: {@code String, boolean, int, long, double, byte[]}, {@code
 * List<String>}, {@code Map<String, Object>}, a protobuf message. Types of the result: {@code
 * String, boolean, int, long, double} and their boxes, {@code byte[]}, {@code Object} where it is
 * one of these, a protobuf message, records of these, and {@code List} and {@code Map<String, …>}
 * of all that; {@code void} answers {@code false}, as Go's unused bool result does. A record
 * becomes a map whose keys are its components' names as they stand, unless {@link Key#name} says
 * another. A {@code CompletionStage} of one value or message answers when it completes, on the
 * completing thread: a method that waits so holds no thread, and may be {@link #quick}.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface RpcMethod {
  /** The method's name after the dot, in upstream's spelling, for example {@code "AddWorker"}. */
  String value();

  /**
   * The method returns within microseconds: it reads or changes memory, and neither waits nor does
   * I/O. It then runs on the event loop of the socket instead of a virtual thread, for half the CPU
   * time.
   */
  boolean quick() default false;
}
