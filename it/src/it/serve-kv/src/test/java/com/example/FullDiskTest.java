package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.it.RrServer;
import dev.rr.it.ShellCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Storages that keep their values on disks that are full for a while. */
class FullDiskTest {
  private static final int HTTP = RrServer.freePort();
  private static final String RPC = "tcp://127.0.0.1:" + RrServer.freePort();
  private static final int MANY = 10_000;

  @TempDir Path folder;
  private final Map<String, SmallDisk> disks = new HashMap<>();
  private RrServer server;

  private void serve(String before) throws IOException {
    String rr = KvTest.RR.toString();
    ShellCommand command =
        ShellCommand.in(folder, "sh", "-c", before + "; exec " + rr + " serve -c .rr.yaml");
    server = RrServer.start(command, HTTP);
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
    disks.values().forEach(SmallDisk::close);
  }

  private static List<String> fill(String storage, int from, int end) {
    return KvTest.php("fill.php", KvTest.CLIENT.toString(), RPC, storage, "" + from, "" + end);
  }

  /** Fills a storage until it refuses; answers how many keys it has. */
  private int filled(String storage, int from) {
    List<String> told = fill(storage, from, MANY);
    assertThat(told).hasSize(3);
    assertThat(told.get(0))
        .startsWith("refused rpc_set: ")
        .containsPattern("No space left on device|File too large");
    int set = Integer.parseInt(told.get(1).substring("set ".length()));
    assertThat(told.get(2)).isEqualTo("kept " + set + ", the next 0");
    return set;
  }

  private void assertKept(String storage, int from, int end) {
    assertThat(fill(storage, from, end))
        .as(storage)
        .containsExactly("set " + end, "kept " + end + ", the next 0");
  }

  private void configure() throws IOException {
    Files.copy(KvTest.TOP.resolve("docs/sample/worker.php"), folder.resolve("worker.php"));
    RrServer.configure(
        folder,
        """
        version: "3"
        rpc: {listen: "%s"}
        server: {command: "php worker.php"}
        http: {address: "127.0.0.1:%d", pool: {num_workers: 1}}
        kv:
          memory: {driver: memory, config: {persist: memory/values}}
          boltdb: {driver: boltdb, config: {file: boltdb/values.db}}
        """
            .formatted(RPC, HTTP));
    for (String storage : List.of("memory", "boltdb")) {
      disks.put(storage, SmallDisk.at(folder.resolve(storage)));
    }
  }

  @Test
  void whatCannotBeWrittenIsRefusedUntilThereIsRoomAgainAndNothingIsLost() throws Exception {
    configure();
    serve(SmallDisk.limit(disks.values(), 7));
    Map<String, Integer> set = new HashMap<>();
    for (String storage : disks.keySet()) {
      set.put(storage, filled(storage, 0));
    }
    for (SmallDisk disk : disks.values()) {
      disk.free(server.process());
    }
    set.forEach((storage, keys) -> assertKept(storage, keys, keys + 5));

    kill();
    serve(SmallDisk.limit(disks.values(), 10));
    set.forEach((storage, keys) -> assertKept(storage, keys + 5, keys + 5));
    for (String storage : disks.keySet()) {
      int unused = filled(storage, set.get(storage) + 5);
      clear(storage);
      // Files are written anew behind the first that finds no room.
      RrServer.await("room in " + storage, () -> fill(storage, 0, 20).size() == 2);
      assertKept(storage, 20, 20);
    }
  }

  private static void clear(String storage) {
    String request = "{\"storage\":\"" + storage + "\"}";
    var unused = KvTest.php("call.php", KvTest.CLIENT.toString(), RPC, "kv.Clear", request);
  }

  private void kill() throws IOException {
    server.process().destroyForcibly();
    RrServer.await("the end of the server", () -> !server.process().isAlive());
    server.close();
  }
}
