package dev.rr.os;

import dev.rr.api.plugin.OsText;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;

/** Calls into the C library, linked when they are first needed. Stateless. */
final class Libc {
  private Libc() {}

  static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    MemorySegment address =
        linker
            .defaultLookup()
            .find(name)
            .orElseThrow(() -> new UnsupportedOperationException("no function " + name));
    return linker.downcallHandle(address, FunctionDescriptor.of(result, arguments));
  }

  /** A null-terminated array of C strings. */
  static MemorySegment strings(Arena arena, List<String> values) {
    MemorySegment array = arena.allocate(ValueLayout.ADDRESS, values.size() + 1L);
    for (int i = 0; i < values.size(); i++) {
      array.setAtIndex(ValueLayout.ADDRESS, i, string(arena, values.get(i)));
    }
    return array;
  }

  /** A C string. */
  static MemorySegment string(Arena arena, String value) {
    byte[] bytes = OsText.bytes(value);
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, Arrays.copyOf(bytes, bytes.length + 1));
  }

  /** Wraps what a method handle may throw. */
  static IllegalStateException unexpected(String call, Throwable cause) {
    return new IllegalStateException(call + " cannot be called", cause);
  }
}
