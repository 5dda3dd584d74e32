package dev.rr.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rr.api.plugin.Catalogue;
import dev.rr.api.worker.Resetter;
import dev.rr.cli.command.CommandSpec;
import dev.rr.cli.command.Flag;
import dev.rr.cli.command.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class CompletionScriptTest {
  private static final CompletionScript SCRIPT =
      new CompletionScript(
          "rr",
          List.of(
              CommandSpec.of("config", "Show it").taking(Words.of("check", "schema", "show")),
              CommandSpec.of("graph", "Don't start anything")
                  .with(Flag.choice(Words.of("mermaid", "dot"), "how", "--format")),
              CommandSpec.of("help", "Help").taking(Words.any("[command]")),
              CommandSpec.of("reset", "Reset").taking(Words.plugins("[plugin...]", Resetter.class)),
              CommandSpec.of("serve", "Start")),
          new Catalogue(List.of(plugin("http", true), plugin("jobs", true), plugin("tcp", false))));

  @TempDir Path folder;

  private static Catalogue.Entry plugin(String id, boolean builtIn) {
    return new Catalogue.Entry(
        id, "a:" + id + ":1", builtIn, List.of(), List.of(Catalogue.Offer.of(Resetter.class, id)));
  }

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("completion"), SCRIPT.bash());
    Files.createDirectory(folder.resolve("conf"));
    Files.createFile(folder.resolve("conf.yaml"));
  }

  /** Types into a bash that has a terminal, and ends each line; what its rr was given. */
  private String typed(String keys) throws Exception {
    Path got = folder.resolve("got");
    Files.writeString(
        folder.resolve("rc"),
        "source ./completion\nrr() { printf '<%s>' \"$@\" > got; exit; }\nPS1='$ '\n");
    Process script =
        new ProcessBuilder("script", "-qec", "bash --rcfile rc -i", "/dev/null")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    script.getOutputStream().write((keys + "\n").getBytes(StandardCharsets.UTF_8));
    script.getOutputStream().flush();
    String screen = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor(20, TimeUnit.SECONDS)).as(screen).isTrue();
    assertThat(got).as(screen).exists();
    return Files.readString(got);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "rr ser~, <serve>",
        "./rr ser~, <serve>",
        "rr reset ht~jo~, <reset><http><jobs>",
        "rr config sho~, <config><show>",
        "rr help gra~, <help><graph>",
        "rr graph --form~do~, <graph><--format><dot>",
        "rr graph --format=mer~, <graph><--format=mermaid>",
        "rr --conf~conf.~ser~, <--config><conf.yaml><serve>",
        "rr -o a.b=http://x:1 res~ht~, <-o><a.b=http://x:1><reset><http>",
        "rr -w con~ ser~, <-w><conf/><serve>",
      })
  void bashCompletes(String keys, String arguments) throws Exception {
    Files.writeString(
        folder.resolve("rr"), "#!/bin/sh\nprintf '<%s>' \"$@\" > got\nkill -9 $PPID\n");
    assertThat(folder.resolve("rr").toFile().setExecutable(true)).isTrue();
    assertThat(typed(keys.replace('~', '\t'))).isEqualTo(arguments);
  }

  @Test
  void bashOffersNoPluginThatIsNotInTheBinary() throws Exception {
    assertThat(typed("rr reset tc\t")).isEqualTo("<reset><tc>");
  }

  private String output(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(text).isTrue();
    return text;
  }

  @ParameterizedTest
  @CsvSource({
    "rr gra~ --form~do~, <graph --format dot>",
    "rr reset ht~jo~, <reset http jobs>",
    "rr config sho~, <config show>",
    "rr --conf~conf.y~ ser~, <--config conf.yaml serve>"
  })
  void zshCompletes(String keys, String arguments) throws Exception {
    Files.writeString(folder.resolve("_rr"), SCRIPT.zsh());
    Files.writeString(
        folder.resolve("typed"),
        """
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell 'autoload -Uz compinit; compinit -u -D; source ./_rr'
        zpty -w shell 'rr() { print -r -- "<$*>"; }; PS1="> "; print -r -- "re""ady"'
        zpty -r shell screen '*ready*'
        zpty -w -n shell $'%s\\n'
        zpty -r shell screen '*[<]%s*[>]*'
        print -r -- "$screen" | grep -o '<%s[^>]*>' | tail -1
        """
            .formatted(
                keys.replace("~", "\\t"), arguments.substring(1, 6), arguments.substring(1, 6)));
    assertThat(output("zsh", "-f", "typed")).isEqualTo(arguments + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "rr ser, serve",
    "rr reset ht, http",
    "rr graph --format d, dot",
    "rr help gra, graph",
    "rr config sho, show",
    "rr serve --conf, --config"
  })
  void fishCompletes(String line, String word) throws Exception {
    Files.writeString(folder.resolve("rr.fish"), SCRIPT.fish());
    String offered = output("fish", "-N", "-c", "source rr.fish; complete -C '" + line + "'");
    assertThat(offered.lines().map(l -> l.split("\t")[0])).containsExactly(word);
  }

  @Test
  void zshAndFishHaveTheSameWords() {
    assertThat(SCRIPT.zsh())
        .contains(
            "    'graph:Don'\\''t start anything'\n",
            "reset) _arguments $global '*:argument:(http jobs)' ;;",
            "graph) _arguments $global --format'[how]:word:(mermaid dot)' ;;",
            "'(-c --config)'{-c,--config}'[the configuration file (default"
                + " \".rr.yaml\")]:file:_files'");
    assertThat(SCRIPT.fish())
        .contains(
            "complete -c rr -n '__fish_seen_subcommand_from reset' -a 'http jobs'\n",
            "complete -c rr -n '__fish_use_subcommand' -a serve -d 'Start'\n",
            "complete -c rr -s c -l config -r -F -d ");
  }
}
