"""Who took part: releases of figures of people, which identify nobody, and reach beside the census."""
