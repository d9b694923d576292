package bench.workload;

/** What has a key of its own, and where its data unit numbers count from. */
public enum KeyGranularity {
  /** Each file has a key; data units count from the start of the file. */
  PER_INODE("per-inode") {
    @Override
    int blocksPerKey(ExtentWorkload workload) {
      return workload.extentsPerFile() * ExtentWorkload.BLOCKS_PER_EXTENT;
    }
  },
  /** Each extent has a key; data units count from the start of the extent. */
  PER_EXTENT("per-extent") {
    @Override
    int blocksPerKey(ExtentWorkload workload) {
      return ExtentWorkload.BLOCKS_PER_EXTENT;
    }
  };

  private final String reportName;

  KeyGranularity(String reportName) {
    this.reportName = reportName;
  }

  /** Blocks that follow each other on the device and share a key; a data unit is a block. */
  abstract int blocksPerKey(ExtentWorkload workload);

  /** Its name in reports. */
  public String reportName() {
    return reportName;
  }

  public int keyCount(ExtentWorkload workload) {
    return workload.extents() * ExtentWorkload.BLOCKS_PER_EXTENT / blocksPerKey(workload);
  }

  /** Which key, from 0, encrypts {@code block} of the device. */
  public int keyOf(ExtentWorkload workload, int block) {
    return block / blocksPerKey(workload);
  }

  /** The data unit number of {@code block} of the device. */
  public int dunOf(ExtentWorkload workload, int block) {
    return block % blocksPerKey(workload);
  }
}
