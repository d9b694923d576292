package bench.cli;

import blockdev.fs.StrategyKind;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that make a device and a filesystem on it. */
final class DeviceOptions {
  static final int MAX_SLOTS = 0xFFFF; // a command names its slot in 16 bits

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "32",
      description = {
        "Keyslots of the device; default: ${DEFAULT-VALUE}.",
        "run takes 0: a device without inline encryption, so that the software fallback encrypts."
      })
  private int slots;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      defaultValue = "lightweight",
      description = "Who has a key: per-inode or lightweight (extents); default: ${DEFAULT-VALUE}.")
  private String strategy = "";

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description = "openssl, jce, bouncycastle or reference; default: the fastest there is.")
  private @Nullable String engine;

  /**
   * @throws CliException if the device cannot have so many
   */
  int slots() {
    return slots(1);
  }

  /** As {@link #slots}, or 0 for a device without inline encryption. */
  int slotsOrNone() {
    return slots(0);
  }

  private int slots(int least) {
    if (slots < least || slots > MAX_SLOTS) {
      throw CliException.usage(
          "--slots must be from " + least + " to " + MAX_SLOTS + ", is " + slots);
    }
    return slots;
  }

  /**
   * @throws CliException if there is no such strategy
   */
  StrategyKind strategy() {
    try {
      return StrategyKind.named(strategy);
    } catch (IllegalArgumentException unknown) {
      throw CliException.usage("--strategy: " + unknown.getMessage());
    }
  }

  /**
   * @throws CliException if there is no such engine, or it does not work here
   */
  CipherEngine engine() {
    try {
      return engine == null
          ? CipherEngine.fastest(CryptoMode.AES_256_XTS)
          : CipherEngine.named(engine);
    } catch (IllegalArgumentException unknown) {
      throw CliException.usage("--engine: " + unknown.getMessage());
    } catch (IllegalStateException missing) {
      throw CliException.failure("--engine: " + missing.getMessage(), missing);
    }
  }
}
