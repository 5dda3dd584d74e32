package dev.rr.plugin.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An authority that signs certificates, as Erlang trusts nobody who has signed his own. */
record TestAuthority(Path folder, String name) {
  static TestAuthority make(Path folder, String name) throws Exception {
    request(folder, name);
    return new TestAuthority(folder, name);
  }

  /** Files of this name with a key and a certificate for the loopback address. */
  void sign(String other) throws Exception {
    request(
        folder,
        other,
        "-CA",
        name + ".crt",
        "-CAkey",
        name + ".key",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-addext",
        "basicConstraints=critical,CA:FALSE");
  }

  private static void request(Path folder, String name, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/CN=" + name,
                "-keyout",
                name + ".key",
                "-out",
                name + ".crt"));
    command.addAll(Arrays.asList(more));
    Process openssl =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(openssl.getInputStream().readAllBytes(), UTF_8);
    if (openssl.waitFor() != 0) {
      throw new AssertionError(output);
    }
  }
}
