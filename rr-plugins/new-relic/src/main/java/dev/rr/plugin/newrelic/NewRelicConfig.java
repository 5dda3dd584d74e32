package dev.rr.plugin.newrelic;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/** The {@code http.new_relic} section; upstream's keys. */
@ConfigSection("http.new_relic")
record NewRelicConfig(
    @Key(doc = "The application's name; unset takes NEW_RELIC_APP_NAME.") String appName,
    @Key(secret = true, doc = "The license key; unset takes NEW_RELIC_LICENSE_KEY.")
        String licenseKey) {
  /** Without secrets. */
  @Override
  public String toString() {
    return "NewRelicConfig[appName=" + appName + "]";
  }
}
