package inlinecrypt.keyslot.replacement;

import inlinecrypt.CryptoKey;
import java.util.LinkedHashSet;

/** Keys that have lost their slots, those that did so first in front. Their bytes play no part. */
final class GhostKeys {
  private final LinkedHashSet<CryptoKey> keys = new LinkedHashSet<>();

  int size() {
    return keys.size();
  }

  boolean contains(CryptoKey key) {
    return keys.contains(key);
  }

  void add(CryptoKey key) {
    keys.add(key);
  }

  /** True if {@code key} was in. */
  boolean remove(CryptoKey key) {
    return keys.remove(key);
  }

  /** Forgets the first ones, until no more than {@code count} are left. */
  void trimTo(int count) {
    while (keys.size() > count) {
      keys.removeFirst();
    }
  }
}
