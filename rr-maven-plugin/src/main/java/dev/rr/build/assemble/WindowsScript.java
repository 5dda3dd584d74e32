package dev.rr.build.assemble;

import dev.rr.build.TextFile;
import dev.rr.build.jdk.JdkFinder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The script that runs a packed file on Windows, where its preamble means nothing: it finds a Java
 * as that does, by {@code RR_JAVA}, {@code JAVA_HOME} and {@code PATH}, and asks each one's {@code
 * release} file for its version.
 */
public final class WindowsScript {
  // No text block: the parser of Maven's plugin tools reads this file, too.
  private static final String TEXT =
      String.join(
          "\r\n",
          "@echo off",
          "rem Runs the file beside this script with a Java @FEATURE@ or newer.",
          "rem   RR_JAVA       the Java to use: a JDK's folder or its bin\\java.exe",
          "rem   RR_JAVA_OPTS  options for the JVM; they come last, so they win",
          "setlocal DisableDelayedExpansion",
          "set \"_rr_file=%~dp0@NAME@\"",
          "set \"_rr_java=\"",
          "if defined RR_JAVA goto named",
          "if defined JAVA_HOME call :home \"%JAVA_HOME%\"",
          "if defined _rr_java goto run",
          "for %%j in (java.exe) do if not \"%%~$PATH:j\"==\"\" call :program \"%%~$PATH:j\"",
          "if defined _rr_java goto run",
          ">&2 echo rr: needs Java @FEATURE@ or newer; there is none in JAVA_HOME or PATH. Install"
              + " one, or say where it is: set RR_JAVA=C:\\path\\to\\jdk",
          "exit /b 1",
          "",
          ":named",
          "call :home \"%RR_JAVA%\"",
          "if not defined _rr_java call :program \"%RR_JAVA%\"",
          "if defined _rr_java goto run",
          ">&2 echo rr: RR_JAVA is not a Java @FEATURE@ or newer: \"%RR_JAVA%\"",
          "exit /b 1",
          "",
          ":run",
          "set \"_rr_options=-XX:+UseSerialGC -Xmn32m -XX:SurvivorRatio=2"
              + " -XX:TargetSurvivorRatio=90\"",
          "if not defined RR_JAVA_OPTS goto start",
          "echo \"%RR_JAVA_OPTS%\" | findstr /r /c:\"-XX:+Use.*GC\" >nul && set \"_rr_options=\"",
          "",
          ":start",
          "\"%_rr_java%\" %_rr_options% -XX:+ExitOnOutOfMemoryError -Dstdout.encoding=UTF-8"
              + " -Dstderr.encoding=UTF-8 \"-Drr.file=%_rr_file%\" %RR_JAVA_OPTS% -jar"
              + " \"%_rr_file%\" %*",
          "exit /b %ERRORLEVEL%",
          "",
          "rem The folder of a JDK, when it is new enough.",
          ":home",
          "if not exist \"%~1\\bin\\java.exe\" exit /b 0",
          "if not exist \"%~1\\release\" exit /b 0",
          "for /f \"usebackq tokens=1,2 delims==\" %%a in (\"%~1\\release\") do if"
              + " \"%%a\"==\"JAVA_VERSION\" call :version \"%~1\" %%b",
          "exit /b 0",
          "",
          "rem The path of a java.exe, which is in a JDK's folder bin.",
          ":program",
          "for %%h in (\"%~dp1..\") do call :home \"%%~fh\"",
          "exit /b 0",
          "",
          ":version",
          "for /f \"tokens=1 delims=.+-\" %%m in (\"%~2\") do if %%m GEQ @FEATURE@ set"
              + " \"_rr_java=%~1\\bin\\java.exe\"",
          "exit /b 0",
          "");

  private WindowsScript() {}

  /** Whether this is a system where one is wanted unasked. */
  public static boolean wanted() {
    return File.separatorChar == '\\';
  }

  /**
   * Writes the one of a packed file, beside it.
   *
   * @return where it is: the file's name and {@code .cmd}
   */
  public static Path write(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    Path script = file.resolveSibling(name + ".cmd");
    TextFile.write(script, text(name));
    return script;
  }

  static String text(String name) {
    // A percent sign would begin a variable.
    return TEXT.replace("@NAME@", name.replace("%", "%%"))
        .replace("@FEATURE@", Integer.toString(JdkFinder.FEATURE));
  }
}
