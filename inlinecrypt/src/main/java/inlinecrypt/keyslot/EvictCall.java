package inlinecrypt.keyslot;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;

/** One call of {@link KeyslotManager#evict}. */
final class EvictCall extends SectionArrival {
  final CryptoKey key;
  Errno result = Errno.OK;
  private final KeyslotCompletion completion;

  EvictCall(CryptoKey key, KeyslotCompletion completion) {
    this.key = key;
    this.completion = completion;
  }

  @Override
  void deliver() {
    completion.done(result);
  }
}
