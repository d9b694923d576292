package blockdev;

import blockdev.nvme.controller.LatencyModel;
import blockdev.nvme.controller.kpio.KeyPerIoModel;
import blockdev.preset.DevicePreset;
import blockdev.preset.MediaPreset;
import blockdev.sim.CryptoTiming;
import blockdev.sim.MediaTiming;
import inlinecrypt.CryptoMode;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The device of a simulation.
 *
 * @param logicalBlockBytes 512 or 4096
 * @param profile what its inline crypto unit can do
 * @param identitySeed gives what this device was made with and no other has: the secret that its
 *     wrapped keys hang on
 * @param keyPerIo how namespace 1 is encrypted under Key Per I/O, instead of by {@code profile};
 *     then a namespace 2 at the end of the medium takes plain data. Null for a device without
 */
public record DeviceModel(
    int logicalBlockBytes,
    CryptoProfile profile,
    LatencyModel latency,
    long identitySeed,
    @Nullable KeyPerIoModel keyPerIo) {
  private static final long DEFAULT_IDENTITY = 1;

  /** A device that takes its keys like {@code device}, with blocks of 4096 bytes. */
  public static DeviceModel of(DevicePreset device, MediaPreset media) {
    return new DeviceModel(
        4096, device.profile(), latency(device.timing(), media.timing()), DEFAULT_IDENTITY, null);
  }

  private static LatencyModel latency(CryptoTiming keys, MediaTiming media) {
    return new LatencyModel(
        media.readCommandNs() + media.readFirmwareNs() + media.dieReadNs(),
        media.readLinkBytesPerSecond(),
        media.dies(),
        keys.programNs(),
        keys.evictNs(),
        keys.prepareNs(),
        keys.deriveNs());
  }

  /** UFS 3.1 with so many slots of Qualcomm's ICE. */
  public static DeviceModel ufs(int slotCount) {
    return of("slots-" + slotCount, LatencyModel.UFS_31);
  }

  /** UFS with Qualcomm's ICE that was told to take hardware-wrapped keys, and then no others. */
  public static DeviceModel ufsWrapped(int slotCount) {
    return of("ufs-ice-wrapped-" + slotCount, LatencyModel.UFS_31_WRAPPED);
  }

  /** eMMC with a CQHCI: data unit numbers of 32 bits. Its latencies are UFS's. */
  public static DeviceModel emmc(int slotCount) {
    return of("emmc-cqhci-" + slotCount, LatencyModel.UFS_31);
  }

  /** UFS with Samsung's FMP: no keyslots, a key with each command, data units of 4096 bytes. */
  public static DeviceModel fmp() {
    return of("exynos-fmp", LatencyModel.UFS_31);
  }

  private static DeviceModel of(String device, LatencyModel latency) {
    return of(DevicePreset.named(device), MediaPreset.named(MediaPreset.DEFAULT))
        .withLatency(latency);
  }

  /** What a UFS host with AES-256-XTS can do. */
  public static CryptoProfile ufsProfile(int slotCount) {
    return new CryptoProfile(slotCount, 8, Map.of(CryptoMode.AES_256_XTS, 0x1FE00));
  }

  public DeviceModel withLogicalBlockBytes(int other) {
    return new DeviceModel(other, profile, latency, identitySeed, keyPerIo);
  }

  public DeviceModel withProfile(CryptoProfile other) {
    return new DeviceModel(logicalBlockBytes, other, latency, identitySeed, null);
  }

  /** The same device with nothing to encrypt with. */
  public DeviceModel withoutInlineCrypt() {
    return withProfile(CryptoProfile.none());
  }

  /** The same device with Key Per I/O as its only way to encrypt. */
  public DeviceModel withKeyPerIo(KeyPerIoModel other) {
    return new DeviceModel(logicalBlockBytes, CryptoProfile.none(), latency, identitySeed, other);
  }

  public DeviceModel withLatency(LatencyModel other) {
    return new DeviceModel(logicalBlockBytes, profile, other, identitySeed, keyPerIo);
  }

  public DeviceModel withIdentitySeed(long other) {
    return new DeviceModel(logicalBlockBytes, profile, latency, other, keyPerIo);
  }
}
