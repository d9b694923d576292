package blockdev.nvme.controller.kpio;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Nonces against replayed key imports: each is good for one request message. The oldest goes when
 * there are too many, and all go at a power cycle.
 */
final class Nonces {
  static final int BYTES = 16;

  private static final int MOST = 16;

  private final Random random;
  private final ArrayDeque<byte[]> outstanding = new ArrayDeque<>();
  private final List<byte[]> usedByMessage = new ArrayList<>();

  Nonces(long seed) {
    random = new Random(seed);
  }

  byte[] issue() {
    byte[] nonce = new byte[BYTES];
    random.nextBytes(nonce);
    if (outstanding.size() == MOST) {
      outstanding.removeFirst();
    }
    outstanding.addLast(nonce);
    return nonce.clone();
  }

  /** Whether the last bytes of {@code keyAndNonce} are a nonce that this message may use. */
  boolean use(byte[] keyAndNonce) {
    int from = keyAndNonce.length - BYTES;
    for (byte[] nonce : outstanding) {
      if (Arrays.equals(nonce, 0, BYTES, keyAndNonce, from, keyAndNonce.length)) {
        usedByMessage.add(nonce);
        return true;
      }
    }
    return false;
  }

  /** No later message may use what this one used. */
  void endMessage() {
    outstanding.removeAll(usedByMessage); // arrays are equal if they are the same
    usedByMessage.clear();
  }

  void powerCycle() {
    outstanding.clear();
  }
}
