package blockdev;

import blockdev.nvme.controller.LatencyModel;
import inlinecrypt.CryptoMode;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.Map;
import java.util.Set;

/**
 * The device of a simulation.
 *
 * @param logicalBlockBytes 512 or 4096
 * @param profile what its inline crypto unit can do
 * @param identitySeed gives what this device was made with and no other has: the secret that its
 *     wrapped keys hang on
 */
public record DeviceModel(
    int logicalBlockBytes, CryptoProfile profile, LatencyModel latency, long identitySeed) {
  /** All data unit sizes that UFS and CQHCI know, 512 bytes to 64 KiB. */
  private static final int UFS_DATA_UNIT_SIZES = 0x1FE00;

  /** Bytes of a data unit number on UFS. */
  private static final int UFS_DUN_BYTES = 8;

  /** Bytes of a data unit number on eMMC. */
  private static final int CQHCI_DUN_BYTES = 4;

  /** Bytes of a data unit number that Samsung's FMP takes. */
  private static final int FMP_DUN_BYTES = 16;

  private static final long DEFAULT_IDENTITY = 1;

  /** A UFS device with blocks of 4096 bytes. */
  public static DeviceModel ufs(int slotCount) {
    return with(ufsProfile(slotCount), LatencyModel.UFS_31);
  }

  /** UFS with Qualcomm's ICE that was told to take hardware-wrapped keys, and then no others. */
  public static DeviceModel ufsWrapped(int slotCount) {
    return with(
        ufsProfile(slotCount).withKeyTypes(Set.of(KeyType.HARDWARE_WRAPPED)),
        LatencyModel.UFS_31_WRAPPED);
  }

  /** eMMC with a CQHCI: data unit numbers of 32 bits. Its latencies are UFS's. */
  public static DeviceModel emmc(int slotCount) {
    return with(profile(slotCount, CQHCI_DUN_BYTES, UFS_DATA_UNIT_SIZES), LatencyModel.UFS_31);
  }

  /** UFS with Samsung's FMP: no keyslots, a key with each command, data units of 4096 bytes. */
  public static DeviceModel fmp() {
    return with(profile(0, FMP_DUN_BYTES, 4096), LatencyModel.UFS_31);
  }

  /** What a UFS host with AES-256-XTS can do. */
  public static CryptoProfile ufsProfile(int slotCount) {
    return profile(slotCount, UFS_DUN_BYTES, UFS_DATA_UNIT_SIZES);
  }

  private static CryptoProfile profile(int slotCount, int dunBytes, int dataUnitSizes) {
    return new CryptoProfile(slotCount, dunBytes, Map.of(CryptoMode.AES_256_XTS, dataUnitSizes));
  }

  private static DeviceModel with(CryptoProfile profile, LatencyModel latency) {
    return new DeviceModel(4096, profile, latency, DEFAULT_IDENTITY);
  }

  public DeviceModel withLogicalBlockBytes(int other) {
    return new DeviceModel(other, profile, latency, identitySeed);
  }

  public DeviceModel withProfile(CryptoProfile other) {
    return new DeviceModel(logicalBlockBytes, other, latency, identitySeed);
  }

  /** The same device with nothing to encrypt with. */
  public DeviceModel withoutInlineCrypt() {
    return withProfile(CryptoProfile.none());
  }

  public DeviceModel withLatency(LatencyModel other) {
    return new DeviceModel(logicalBlockBytes, profile, other, identitySeed);
  }

  public DeviceModel withIdentitySeed(long other) {
    return new DeviceModel(logicalBlockBytes, profile, latency, other);
  }
}
