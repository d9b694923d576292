package blockdev.nvme;

/** What Identify has in common, whatever structure CNS asks for. */
public final class Identify {
  public static final int BYTES = 4096;

  public static final int CNS_ACTIVE_NAMESPACES = 0x02;
  public static final int CNS_DESCRIPTORS = 0x03;
  public static final int CNS_NVM_NAMESPACE = 0x05;
  public static final int CNS_NVM_CONTROLLER = 0x06;
  public static final int CNS_NVM_ACTIVE_NAMESPACES = 0x07;
  public static final int CNS_COMMAND_SETS = 0x1C;

  /** CSI of the NVM command set, the only one here. */
  public static final int NVM_COMMAND_SET = 0;

  /** NIDT of the descriptors of CNS 03h. */
  public static final int DESCRIPTOR_EUI64 = 1;

  public static final int DESCRIPTOR_NGUID = 2;
  public static final int DESCRIPTOR_COMMAND_SET = 4;

  /** Offsets in CNS 06h of the NVM command set: VSL, WZSL, WUSL, then DMRL, DMRSL, DMSL. */
  public static final int VERIFY_SIZE_LIMIT = 0;

  public static final int WRITE_ZEROES_SIZE_LIMIT = 1;
  public static final int WRITE_UNCORRECTABLE_SIZE_LIMIT = 2;
  public static final int DATASET_RANGES_LIMIT = 3;
  public static final int DATASET_RANGE_SIZE_LIMIT = 4;
  public static final int DATASET_SIZE_LIMIT = 8;
  public static final int KPIOCAP = 16;

  private Identify() {}
}
