package blockdev.nvme.controller.kpio;

import inlinecrypt.engine.DataUnitCipher;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The key tags of one managed namespace and the media encryption keys behind them, as keyed
 * ciphers. They are in volatile memory only; overwriting and clearing free them.
 */
final class KeyTags {
  private @Nullable DataUnitCipher[] ciphers; // by tag
  private int[] checks; // by tag

  /** What detects incorrect keys, null if the device does not. */
  final @Nullable KeyChecks keyChecks;

  KeyTags(int count, boolean detectsIncorrectKeys) {
    ciphers = new DataUnitCipher[count];
    checks = new int[count];
    keyChecks = detectsIncorrectKeys ? new KeyChecks() : null;
  }

  int count() {
    return ciphers.length;
  }

  /** The keyed cipher behind {@code tag}, null if there is no key. */
  @Nullable DataUnitCipher cipher(int tag) {
    return ciphers[tag];
  }

  /** The check value of the key behind {@code tag}. */
  int check(int tag) {
    return checks[tag];
  }

  void put(int tag, DataUnitCipher cipher, int check) {
    clear(tag);
    ciphers[tag] = cipher;
    checks[tag] = check;
  }

  void clear(int tag) {
    DataUnitCipher old = ciphers[tag];
    if (old != null) {
      ciphers[tag] = null;
      old.close();
    }
    checks[tag] = 0;
  }

  void clearAll() {
    for (int tag = 0; tag < ciphers.length; tag++) {
      clear(tag);
    }
  }

  /**
   * Takes tags away at the top, or adds some.
   *
   * @return false if a tag to take away holds a key; then nothing changed
   */
  boolean resize(int count) {
    for (int tag = count; tag < ciphers.length; tag++) {
      if (ciphers[tag] != null) {
        return false;
      }
    }
    ciphers = Arrays.copyOf(ciphers, count);
    checks = Arrays.copyOf(checks, count);
    return true;
  }
}
