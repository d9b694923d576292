package inlinecrypt.keyslot.replacement;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.CryptoConfig;
import inlinecrypt.CryptoKey;
import inlinecrypt.CryptoMode;
import inlinecrypt.keyslot.ReplacementPolicy;
import inlinecrypt.keyslot.SlotView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keyslots for one thread, which ask a policy as the manager does, and check its answers. */
final class PlayedSlots implements SlotView {
  static final int NONE = -1;
  private static final CryptoConfig CONFIG = new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8);

  private final ReplacementPolicy policy;
  private final @Nullable CryptoKey[] keys;
  private final int[] borrowers;
  private final long[] hits;
  private final long[] idleSince;
  private long tick;
  private @Nullable CryptoKey overwritten; // by the last programming

  PlayedSlots(int slotCount, ReplacementPolicy policy) {
    this.policy = policy;
    keys = new @Nullable CryptoKey[slotCount];
    borrowers = new int[slotCount];
    hits = new long[slotCount];
    idleSince = new long[slotCount];
  }

  static List<CryptoKey> keys(int count) {
    List<CryptoKey> keys = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      byte[] raw = new byte[64];
      raw[0] = (byte) number;
      raw[1] = (byte) (number >>> 8);
      raw[63] = 1;
      keys.add(new CryptoKey(CONFIG, raw));
    }
    return keys;
  }

  /** One request that ends before anything else happens; true if its key was in a slot. */
  boolean request(CryptoKey key) {
    boolean hit = slotOf(key) != NONE;
    release(acquire(key));
    return hit;
  }

  /** The slot that now has one borrower more, or NONE if all are busy with other keys. */
  int acquire(CryptoKey key) {
    int slot = slotOf(key);
    if (slot != NONE) {
      hits[slot]++;
    } else if (anyIdle()) {
      slot = ask(key);
      overwritten = keys[slot];
      keys[slot] = key;
      policy.installed(this, slot, key);
    } else {
      return NONE;
    }
    borrowers[slot]++;
    return slot;
  }

  /** Asks for a slot for {@code key}, which is in none; that is all if the programming fails. */
  int ask(CryptoKey key) {
    int slot = policy.victim(this, key);
    assertThat(slot).isBetween(0, keys.length - 1);
    assertThat(borrowers[slot]).as("borrowers of slot %s, the victim", slot).isZero();
    return slot;
  }

  void release(int slot) {
    if (--borrowers[slot] == 0) {
      idleSince[slot] = ++tick;
    }
  }

  void evict(CryptoKey key) {
    int slot = slotOf(key);
    if (slot != NONE) {
      keys[slot] = null;
    }
    policy.evicted(this, slot, key);
  }

  int slotOf(CryptoKey key) {
    for (int slot = 0; slot < keys.length; slot++) {
      if (keys[slot] == key) {
        return slot;
      }
    }
    return NONE;
  }

  boolean anyIdle() {
    for (int count : borrowers) {
      if (count == 0) {
        return true;
      }
    }
    return false;
  }

  @Nullable CryptoKey overwritten() {
    return overwritten;
  }

  @Override
  public int slotCount() {
    return keys.length;
  }

  @Override
  public boolean isIdle(int slot) {
    return borrowers[slot] == 0;
  }

  @Override
  public @Nullable CryptoKey key(int slot) {
    return keys[slot];
  }

  @Override
  public long idleSinceTick(int slot) {
    return idleSince[slot];
  }

  @Override
  public long hits(int slot) {
    return hits[slot];
  }
}
