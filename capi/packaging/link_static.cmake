# Links OBJECTS into OBJECT, in which the names of the file NAMES alone are global. Run by the build with cmake -P;
# CXX, NM and OBJCOPY are the tools.
function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Groups become plain sections: a group of the same name in a host's object would otherwise replace ours, whose
# symbols can no longer be told by that name.
run(${CXX} -r -nostdlib -Wl,--force-group-allocation ${OPTIONS} -o ${OBJECT}.all ${OBJECTS})

# Symbols that are unique in a process (STB_GNU_UNIQUE: variables of inline functions) can only be made local
# once they are weak.
execute_process(COMMAND ${NM} --defined-only ${OBJECT}.all OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL " u [^\n]+" unique "${symbols}")
list(TRANSFORM unique REPLACE "^ u " "")
list(JOIN unique "\n" unique)
file(WRITE ${OBJECT}.unique "${unique}\n")
run(${OBJCOPY} --weaken-symbols=${OBJECT}.unique ${OBJECT}.all)
run(${OBJCOPY} --keep-global-symbols=${NAMES} ${OBJECT}.all ${OBJECT})
file(REMOVE ${OBJECT}.all)
