package inlinecrypt.keyslot.replacement;

import inlinecrypt.CryptoKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests worked out by hand, one letter for each key, each ended before the next.
 *
 * @param outcome a character for each request: {@code +} for a hit, {@code .} if an empty slot was
 *     filled, else the letter of the key that had to go
 */
record Example(int slotCount, String requests, String outcome) {
  /** What {@code replacement} makes of the requests. */
  String outcomeOf(Replacement replacement) {
    List<CryptoKey> keys = PlayedSlots.keys('z' - 'a' + 1);
    List<CryptoKey> future = new ArrayList<>();
    for (char letter : requests.toCharArray()) {
      future.add(keys.get(letter - 'a'));
    }
    PlayedSlots slots = new PlayedSlots(slotCount, replacement.policy(slotCount, future));
    StringBuilder outcomes = new StringBuilder();
    for (CryptoKey key : future) {
      if (slots.request(key)) {
        outcomes.append('+');
      } else {
        CryptoKey gone = slots.overwritten();
        outcomes.append(gone == null ? '.' : (char) ('a' + keys.indexOf(gone)));
      }
    }
    return outcomes.toString();
  }
}
