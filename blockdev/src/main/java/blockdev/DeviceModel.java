package blockdev;

import blockdev.nvme.controller.LbaFormat;
import blockdev.nvme.controller.kpio.KeyPerIoModel;
import blockdev.preset.DevicePreset;
import blockdev.preset.MediaPreset;
import blockdev.sim.CryptoTiming;
import blockdev.sim.DeviceTiming;
import blockdev.sim.MediaTiming;
import inlinecrypt.CryptoMode;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The device of a simulation.
 *
 * @param format of its first namespace; with metadata the block layer does not let it encrypt
 * @param profile what its inline crypto unit can do
 * @param identitySeed gives what this device was made with and no other has: the secret that its
 *     wrapped keys hang on
 * @param moreNamespaces those after the first, which has what they leave of the medium
 * @param keyPerIo how namespace 1 is encrypted under Key Per I/O, instead of by {@code profile};
 *     then a namespace 2 at the end of the medium takes plain data. Null for a device without
 */
public record DeviceModel(
    LbaFormat format,
    CryptoProfile profile,
    DeviceTiming timing,
    long identitySeed,
    List<NamespaceModel> moreNamespaces,
    @Nullable KeyPerIoModel keyPerIo) {
  private static final long DEFAULT_IDENTITY = 1;

  /** A device that takes its keys like {@code device}, with blocks of 4096 bytes. */
  public static DeviceModel of(DevicePreset device, MediaPreset media) {
    CryptoProfile profile = device.profile();
    DeviceTiming timing = new DeviceTiming(device.timing(), media.timing());
    DeviceModel model =
        new DeviceModel(new LbaFormat(4096), profile, timing, DEFAULT_IDENTITY, List.of(), null);
    return profile.dunIsAddress()
        ? model.withKeyPerIo(KeyPerIoModel.of(profile.slotCount()))
        : model;
  }

  /** UFS 3.1 with so many slots at the price of Qualcomm's ICE. */
  public static DeviceModel ufs(int slotCount) {
    return ofUfs31("slots-" + slotCount);
  }

  /** UFS with Qualcomm's ICE that was told to take hardware-wrapped keys, and then no others. */
  public static DeviceModel ufsWrapped(int slotCount) {
    return ofUfs31("ufs-ice-wrapped-" + slotCount);
  }

  /** eMMC with a CQHCI: data unit numbers of 32 bits. Its medium is UFS's. */
  public static DeviceModel emmc(int slotCount) {
    return ofUfs31("emmc-cqhci-" + slotCount);
  }

  /** UFS with Samsung's FMP: no keyslots, a key with each command, data units of 4096 bytes. */
  public static DeviceModel fmp() {
    return ofUfs31("exynos-fmp");
  }

  private static DeviceModel ofUfs31(String device) {
    return of(DevicePreset.named(device), MediaPreset.named(MediaPreset.DEFAULT));
  }

  /** What a UFS host with AES-256-XTS can do. */
  public static CryptoProfile ufsProfile(int slotCount) {
    return new CryptoProfile(slotCount, 8, Map.of(CryptoMode.AES_256_XTS, 0x1FE00));
  }

  /** The same with more namespaces, at the end of the medium. */
  public DeviceModel withMoreNamespaces(NamespaceModel... more) {
    return new DeviceModel(format, profile, timing, identitySeed, List.of(more), keyPerIo);
  }

  /**
   * Bytes of a medium on which namespace 1 has room for {@code bytes}: under Key Per I/O a seventh
   * more, for the namespace that takes plain data.
   */
  public long mediumBytes(long bytes) {
    return keyPerIo == null ? bytes : Math.ceilDiv(bytes, 7L << 20) * (8L << 20);
  }

  public int logicalBlockBytes() {
    return format.blockBytes();
  }

  /** With blocks of 512 or 4096 bytes, without metadata. */
  public DeviceModel withLogicalBlockBytes(int other) {
    return withFormat(new LbaFormat(other));
  }

  public DeviceModel withFormat(LbaFormat other) {
    return new DeviceModel(other, profile, timing, identitySeed, moreNamespaces, keyPerIo);
  }

  public DeviceModel withProfile(CryptoProfile other) {
    return new DeviceModel(format, other, timing, identitySeed, moreNamespaces, null);
  }

  /** The same device with nothing to encrypt with. */
  public DeviceModel withoutInlineCrypt() {
    return withProfile(CryptoProfile.none());
  }

  /** The same device with Key Per I/O as its only way to encrypt. */
  public DeviceModel withKeyPerIo(KeyPerIoModel other) {
    return new DeviceModel(
        format, CryptoProfile.none(), timing, identitySeed, moreNamespaces, other);
  }

  public DeviceModel withTiming(DeviceTiming other) {
    return new DeviceModel(format, profile, other, identitySeed, moreNamespaces, keyPerIo);
  }

  /** The same with another price for its keys. */
  public DeviceModel withKeyTiming(CryptoTiming other) {
    return withTiming(new DeviceTiming(other, timing.media()));
  }

  /** The same on another medium. */
  public DeviceModel withMediaTiming(MediaTiming other) {
    return withTiming(new DeviceTiming(timing.keys(), other));
  }

  public DeviceModel withIdentitySeed(long other) {
    return new DeviceModel(format, profile, timing, other, moreNamespaces, keyPerIo);
  }
}
