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
  private int[] generations; // by tag; 0 without a key
  private int[] checks; // by tag
  private int lastGeneration;

  /** What detects incorrect keys, null if the device does not. */
  final @Nullable KeyChecks keyChecks;

  KeyTags(int count, boolean detectsIncorrectKeys) {
    ciphers = new DataUnitCipher[count];
    generations = new int[count];
    checks = new int[count];
    keyChecks = detectsIncorrectKeys ? new KeyChecks() : null;
  }

  int count() {
    return generations.length;
  }

  /**
   * Which of all keys that there ever were is behind {@code tag}; 0 if none is. Who looked twice
   * and saw the same number saw the same key.
   */
  int generation(int tag) {
    return generations[tag];
  }

  /** The keyed cipher behind {@code tag}, null if there is none. */
  @Nullable DataUnitCipher cipher(int tag) {
    return ciphers[tag];
  }

  /** The check value of the key behind {@code tag}. */
  int check(int tag) {
    return checks[tag];
  }

  void put(int tag, @Nullable DataUnitCipher cipher, int check) {
    clear(tag);
    ciphers[tag] = cipher;
    generations[tag] = ++lastGeneration;
    checks[tag] = check;
  }

  void clear(int tag) {
    DataUnitCipher old = ciphers[tag];
    if (old != null) {
      ciphers[tag] = null;
      old.close();
    }
    generations[tag] = 0;
    checks[tag] = 0;
  }

  void clearAll() {
    for (int tag = 0; tag < count(); tag++) {
      clear(tag);
    }
  }

  /**
   * Takes tags away at the top, or adds some.
   *
   * @return false if a tag to take away holds a key; then nothing changed
   */
  boolean resize(int count) {
    for (int tag = count; tag < count(); tag++) {
      if (generations[tag] != 0) {
        return false;
      }
    }
    ciphers = Arrays.copyOf(ciphers, count);
    generations = Arrays.copyOf(generations, count);
    checks = Arrays.copyOf(checks, count);
    return true;
  }
}
