package blockdev.fs;

import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.util.ArrayList;
import java.util.List;

/** Keeps every key that was programmed into a slot, to ask later what became of it. */
final class KeyCollector extends QuietTracer {
  private final List<CryptoKey> programmed = new ArrayList<>();

  List<CryptoKey> programmed() {
    return programmed;
  }

  @Override
  public void keyslotProgrammed(int slot, CryptoKey key, Errno result, long latencyNs) {
    programmed.add(key);
  }
}
