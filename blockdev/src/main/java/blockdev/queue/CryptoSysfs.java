package blockdev.queue;

import inlinecrypt.CryptoMode;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a device's inline encryption looks like in {@code /sys/block/<disk>/queue/crypto}. Source:
 * {@code block/blk-crypto-sysfs.c}, {@code Documentation/ABI/stable/sysfs-block}.
 */
public final class CryptoSysfs {
  private static final String SUPPORTED = "supported\n";

  private CryptoSysfs() {}

  /**
   * All files there, by path below the directory, with what reading them gives. Each value ends
   * with a newline. A type of key, or a mode, is there if the device has it. Empty for a device
   * without inline encryption, which does not have the directory either; the software fallback
   * never shows.
   */
  public static SortedMap<String, String> files(CryptoProfile profile) {
    SortedMap<String, String> files = new TreeMap<>();
    if (!profile.hasModes()) {
      return files;
    }
    files.put("max_dun_bits", profile.maxDunBytes() * Byte.SIZE + "\n");
    files.put("num_keyslots", profile.slotCount() + "\n");
    if (profile.takes(KeyType.RAW)) {
      files.put("raw_keys", SUPPORTED);
    }
    if (profile.takes(KeyType.HARDWARE_WRAPPED)) {
      files.put("hw_wrapped_keys", SUPPORTED);
    }
    for (CryptoMode mode : CryptoMode.values()) {
      int dataUnitSizes = profile.dataUnitSizeMask(mode);
      if (mode.linuxNumber() != 0 && dataUnitSizes != 0) {
        files.put("modes/" + mode.linuxName(), "0x" + Integer.toHexString(dataUnitSizes) + "\n");
      }
    }
    return files;
  }
}
