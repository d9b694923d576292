package blockdev.nvme.driver;

/** Told how an admin command ended. */
@FunctionalInterface
interface AdminCompletion {
  /**
   * From an event.
   *
   * @param status of {@link blockdev.nvme.NvmeStatus}; HOST_ABORTED if a reset came first
   * @param result dword 0 of the completion
   */
  void done(int status, int result);
}
