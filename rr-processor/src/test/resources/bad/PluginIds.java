package test.bad;

import dev.rr.annotation.Plugin;

final class PluginIds {
  @Plugin("Http-Server")
// 11: [rr/PluginName] Capital has the id "Http-Server"; an id is lower-case letters, digits and underscores and starts with a letter: write "http_server"
  static final class Capital {
    Capital() {}
  }

  @Plugin("")
// 11: [rr/PluginName] EmptyPlugin has the id ""; an id is lower-case letters, digits and underscores and starts with a letter: write "empty"
  static final class EmptyPlugin {
    EmptyPlugin() {}
  }

  @Plugin(value = "same", weight = 2)
  static final class First {
    First() {}
  }

  @Plugin(weight = 3, value = "same")
// 31: [rr/PluginNameTwice] Second has the id "same", which test.bad.PluginIds.First has as well; give one of them another id
  static final class Second {
    Second() {}
  }
}
