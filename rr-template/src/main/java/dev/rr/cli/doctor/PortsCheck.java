package dev.rr.cli.doctor;

import dev.rr.net.Address;
import dev.rr.net.AddressForms;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Whether what the server listens on is free. */
final class PortsCheck implements DoctorCheck {
  /** Keys of listeners; other addresses are called, not listened on. */
  private static final Pattern LISTENER =
      Pattern.compile(
          "rpc\\.listen|grpc\\.listen|(http(\\.ssl|\\.fcgi|\\.http3)?|status|metrics|fileserver|dashboard)"
              + "\\.address|tcp\\.servers\\..*\\.addr|centrifuge\\.proxy_address");

  @Override
  public String name() {
    return "listeners";
  }

  @Override
  public List<Finding> look(Machine machine) {
    List<Finding> taken = new ArrayList<>();
    List<String> free = new ArrayList<>();
    for (String key : new TreeSet<>(machine.values().keySet())) {
      String text = LISTENER.matcher(key).matches() ? machine.text(key) : null;
      // What is no address is said by the configuration's own check.
      if (text != null && !text.isEmpty() && AddressForms.LISTENER.problem(text).isEmpty()) {
        look(key, AddressForms.LISTENER.parse(text), machine.folder(), free, taken);
      }
    }
    if (machine.serves() && !taken.isEmpty()) {
      return List.of(Finding.ok("the server of this configuration runs, and has them"));
    }
    if (!free.isEmpty()) {
      taken.addFirst(Finding.ok("free: " + String.join(", ", free)));
    }
    return taken;
  }

  private static void look(
      String key, Address address, Path folder, List<String> free, List<Finding> taken) {
    try {
      SocketAddress socket = address.resolve(folder);
      if (address.port() < 0) {
        unix(socket, folder.resolve(address.text().replaceFirst("unix://", "")));
      } else if (key.equals("http.http3.address")) {
        DatagramChannel.open().bind(socket).close();
      } else {
        ServerSocketChannel.open().bind(socket).close();
      }
      free.add(address.text());
    } catch (IOException | RuntimeException e) {
      taken.add(
          Finding.problem(
              key + ": " + address.cannotListen(e),
              "stop who has it (ss -ltnp shows who), or change " + key));
    }
  }

  /** A socket file without a server is replaced, so only one that somebody serves is taken. */
  private static void unix(SocketAddress socket, Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isWritable(folder)) {
      throw new IOException("the folder " + folder + " cannot be written");
    }
    if (!Files.exists(file)) {
      return;
    }
    try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      client.connect(socket);
    } catch (IOException nobody) {
      return;
    }
    throw new IOException("another server listens on it");
  }
}
