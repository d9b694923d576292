package blockdev.preset;

import blockdev.sim.CryptoTiming;
import blockdev.sim.MediaTiming;
import inlinecrypt.CryptoMode;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A device as far as its keys go: how they get into it, how many it holds, what they cost. Each has
 * AES-256-XTS, the mode that phones use.
 *
 * @param name what {@code --device} calls it, with its number of slots
 * @param summary what it is, in a line
 * @param notes what is peculiar about it, a line each
 */
public record DevicePreset(
    String name, String summary, KeyDelivery delivery, Figures figures, List<String> notes) {
  /** Of a logical block, where that numbers data units. */
  private static final int ADDRESS_BYTES = 8;

  /** What people are thought to mean by a real device. */
  public static final String DEFAULT = "ufs-ice-32";

  /**
   * The device of that name; {@code -N} at the end of most names is a number of keyslots.
   *
   * @throws IllegalArgumentException if there is none, with the names that there are
   */
  public static DevicePreset named(String name) {
    return DeviceFamily.named(name);
  }

  /**
   * The device of that name, but with {@code keyslots}, whatever the name says.
   *
   * @throws IllegalArgumentException if there is none, or none with so many
   */
  public static DevicePreset named(String name, int keyslots) {
    return DeviceFamily.named(name, keyslots);
  }

  /** One of each family, with the number of keyslots that it has if none is given. */
  public static List<DevicePreset> all() {
    return DeviceFamily.all();
  }

  /** The names for {@code --device}, in the order of {@link #all}. */
  public static List<String> names() {
    return DeviceFamily.names();
  }

  /** Whether the device itself encrypts. */
  public boolean encrypts() {
    return delivery != KeyDelivery.HOST;
  }

  /** Keyslots of the host's software fallback. */
  public int hostKeyslots() {
    return figures.count(Parameter.HOST_KEYSLOTS);
  }

  /** What the device's inline crypto unit can do. */
  public CryptoProfile profile() {
    if (!encrypts()) {
      return CryptoProfile.none();
    }
    if (delivery == KeyDelivery.TAG) {
      return new CryptoProfile(
              figures.count(Parameter.KEYSLOTS),
              ADDRESS_BYTES,
              Map.of(CryptoMode.AES_256_XTS, figures.count(Parameter.DATA_UNIT_SIZES)))
          .withDunFromAddress();
    }
    CryptoProfile raw =
        new CryptoProfile(
            figures.count(Parameter.KEYSLOTS),
            figures.count(Parameter.DUN_BITS) / Byte.SIZE,
            Map.of(CryptoMode.AES_256_XTS, figures.count(Parameter.DATA_UNIT_SIZES)));
    return delivery == KeyDelivery.WRAPPED
        ? raw.withKeyTypes(Set.of(KeyType.HARDWARE_WRAPPED))
        : raw;
  }

  /** As {@link #timing}, and suspended after the idle time that its figures say. */
  public CryptoTiming suspendingTiming() {
    return timing().withSuspendAfterNs(figures.value(Parameter.SUSPEND_AFTER));
  }

  /** What its keys cost; it is never suspended. */
  public CryptoTiming timing() {
    return new CryptoTiming(
        figures.value(Parameter.PROGRAM),
        figures.value(Parameter.EVICT),
        figures.value(Parameter.DERIVE),
        figures.value(Parameter.PREPARE),
        figures.valueOr(Parameter.ENGINE_BANDWIDTH, MediaTiming.UNLIMITED),
        figures.value(Parameter.RESUME),
        0);
  }
}
