# SPDX-License-Identifier: GPL-2.0-only
# gnuplot -e "table='flood.txt'; picture='docs/flood.svg'" tests/bench/flood.gnuplot
set terminal svg size 760,300 font "sans,12"
set output picture
set multiplot layout 1,2
set xlabel "flood, thousand packets a second"
set ylabel "TCP transfer, Mbit/s"
set yrange [0:*]
set offsets 0, 0, graph 0.3, 0
set grid ytics lc rgb "#dddddd"
set border 3
set tics nomirror
set key top right
set style data linespoints
set title "SYN flood at a closed port"
plot table index 0 using 2:3 title "no firewall" lc rgb "#999999" pt 7 ps 0.4, \
     table index 0 using 2:4 title "iptables" lc rgb "#c04000" pt 7 ps 0.4, \
     table index 0 using 2:5 title "iptables + wirewall" lc rgb "#0060a0" pt 7 ps 0.4
set title "UDP flood from a dropped source"
unset key
plot table index 1 using 2:3 lc rgb "#999999" pt 7 ps 0.4, \
     table index 1 using 2:4 lc rgb "#c04000" pt 7 ps 0.4, \
     table index 1 using 2:5 lc rgb "#0060a0" pt 7 ps 0.4
unset multiplot
