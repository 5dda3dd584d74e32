package dev.rr.cli.doctor;

import dev.rr.api.health.RemoteServer;
import dev.rr.net.AddressForms;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Whether somebody accepts a connection where plugins will call: brokers, storages. A warning where
 * nobody does, since a server starts without most of them and waits.
 */
final class ServersCheck implements DoctorCheck {
  private final Duration deadline;

  ServersCheck() {
    this(Duration.ofSeconds(3));
  }

  /** With another time for all of them together. */
  ServersCheck(Duration deadline) {
    this.deadline = deadline;
  }

  @Override
  public String name() {
    return "other servers";
  }

  @Override
  public List<Finding> look(Machine machine) {
    List<RemoteServer> servers = machine.servers();
    List<Callable<String>> calls = new ArrayList<>();
    servers.forEach(server -> calls.add(() -> fault(server, machine.folder())));
    List<Finding> away = new ArrayList<>();
    List<String> reached = new ArrayList<>();
    List<String> faults = faults(calls);
    for (int i = 0; i < servers.size(); i++) {
      if (faults.get(i).isEmpty()) {
        reached.add(servers.get(i).address());
      } else {
        away.add(finding(servers.get(i), faults.get(i)));
      }
    }
    if (!reached.isEmpty()) {
      away.addFirst(Finding.ok("accept connections: " + String.join(", ", reached)));
    }
    return away;
  }

  private static Finding finding(RemoteServer server, String fault) {
    return Finding.warning(
        server.key() + ": " + server.address() + " " + fault,
        "start that server, let this machine reach it, or change " + server.key());
  }

  /** All at once. Whoever has not been reached at the deadline is given up. */
  private List<String> faults(List<Callable<String>> calls) {
    // Not closed, which would wait for a name that is looked up without end.
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<String> faults = new ArrayList<>();
      for (Future<String> call :
          threads.invokeAll(calls, deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        faults.add(
            call.isCancelled()
                ? "does not answer within " + deadline.toSeconds() + "s"
                : call.get());
      }
      return faults;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return calls.stream().map(call -> "was not waited for").toList();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Why it cannot be reached; empty when it accepts a connection. */
  private static String fault(RemoteServer server, Path folder) {
    try {
      SocketChannel.open(AddressForms.LISTENER.parse(server.address()).resolve(folder)).close();
      return "";
    } catch (UnknownHostException e) {
      return "is on a host whose name nobody knows";
    } catch (IOException | RuntimeException e) {
      return "cannot be reached: " + e.getMessage();
    }
  }
}
